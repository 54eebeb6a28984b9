/** What is wrong with a scenario, and where. */

export interface Issue {
  /** The file, `<stdin>`, or `--set path=value` for an override. */
  readonly file: string;
  /** From 1; 0 where the whole file is meant. */
  readonly line: number;
  readonly column: number;
  /** `nodes.manager.count`, `timeline[2].kill`; '' for the whole. */
  readonly path: string;
  readonly message: string;
  /** The nearest valid name, where a name is wrong. */
  readonly suggestion?: string | undefined;
}

/** A scenario that cannot be run; `issues` is sorted by file, line and column and holds at least one. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    const sorted = sortIssues(issues);
    super(formatIssues(sorted));
    this.issues = sorted;
  }
}

/** In the order of the text; issues of another file (a CSV, an override) after those of the first issue's file. Repeats are dropped. */
export function sortIssues(issues: readonly Issue[]): Issue[] {
  const files = [...new Set(issues.map((issue) => issue.file))];
  const seen = new Set<string>();
  return issues
    .map((issue, index) => ({ issue, index, file: files.indexOf(issue.file) }))
    .sort(
      (a, b) =>
        a.file - b.file ||
        a.issue.line - b.issue.line ||
        a.issue.column - b.issue.column ||
        a.index - b.index,
    )
    .map(({ issue }) => issue)
    .filter((issue) => {
      const text = formatIssue(issue);
      return !seen.has(text) && seen.add(text);
    });
}

/** `file:line:column: path: message (did you mean "x"?)` */
export function formatIssue(issue: Issue): string {
  const place = issue.line > 0 ? `${issue.file}:${issue.line}:${issue.column}` : issue.file;
  const path = issue.path === '' ? '' : `${issue.path}: `;
  const hint = issue.suggestion === undefined ? '' : ` (did you mean "${issue.suggestion}"?)`;
  return `${place}: ${path}${issue.message}${hint}`;
}

/** One line for each issue. */
export function formatIssues(issues: readonly Issue[]): string {
  return issues.map(formatIssue).join('\n');
}

export type Path = readonly (string | number)[];

/** `timeline[2].kill`; a key that is not a plain word is quoted. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else {
      const word = /^[A-Za-z0-9_$/-]+$/.test(step) ? step : JSON.stringify(shorten(step));
      text += text === '' ? word : `.${word}`;
    }
  }
  return text;
}

/** A value in a message: quoted when text, cut when long. */
export function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return String(value);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
