/** Text -> plain value with positions. YAML 1.2 core schema (so JSON too), one document, no tags. */
import { LineCounter, parseAllDocuments } from 'yaml';
import { type Issue, ScenarioError, show } from '../issue.ts';
import { MAX_DEPTH, MAX_FILE_BYTES, MAX_ISSUES } from '../limits.ts';
import { issueAt, type Located, type Position } from './located.ts';
import { Reader } from './reader.ts';

export interface Parsed {
  readonly root: Located;
  readonly warnings: readonly Issue[];
}

/** Throws a ScenarioError with every syntax error. */
export function parseYaml(text: string, file: string): Parsed {
  const start: Position = { file, line: 1, column: 1 };
  const fail = (message: string, position = start): never => {
    throw new ScenarioError([issueAt(position, [], message)]);
  };
  if (text.length > MAX_FILE_BYTES)
    fail(`the file is longer than ${MAX_FILE_BYTES / 1024 / 1024} MiB, the most a scenario may have`);
  const nul = text.indexOf('\0');
  if (nul >= 0) fail('this is not a text file: it holds a zero byte');

  const lineCounter = new LineCounter();
  const documents = parseDocuments(text, lineCounter, fail);
  const at = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const errors = documents.flatMap((document) => document.errors);
  // The parser descends once for each level, and a text of nothing but levels exhausts the stack.
  const tooDeep = errors.find((error) => error.message.includes('call stack'));
  if (tooDeep !== undefined) fail('lists and maps are nested too deeply', at(tooDeep.pos[0]));
  if (errors.length > 0) {
    const seen = new Set<number>();
    const first = errors.filter(({ pos: [from] }) => !seen.has(from) && seen.add(from));
    throw new ScenarioError(
      first
        .slice(0, MAX_ISSUES)
        .map((error) => issueAt(at(error.pos[0]), [], syntaxMessage(error.code, error.message))),
    );
  }
  const document = documents[0];
  const second = documents[1];
  if (second !== undefined) {
    fail('a scenario is one document: remove the --- that begins a second one', at(second.range?.[0] ?? 0));
  }
  if (document === undefined || document.contents === null) {
    return fail('the file is empty: a scenario begins with "version: 1"');
  }
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    fail('scenarios are YAML 1.2: remove the %YAML line');
  }
  const reader = new Reader(text, at);
  const root = reader.node(document.contents, [], 0, undefined);
  if (reader.issues.length > 0) throw new ScenarioError(reader.issues);
  if (root.children === undefined || Array.isArray(root.value)) {
    fail(`a scenario is a map that begins with "version: 1", not ${show(root.value)}`, root.at);
  }
  return { root, warnings: reader.warnings };
}

/** One value, as `--set path=value` takes it. `file` names the override in messages. */
export function parseYamlValue(text: string, file: string): Located {
  const start: Position = { file, line: 0, column: 0 };
  const fail = (message: string): never => {
    throw new ScenarioError([issueAt(start, [], message)]);
  };
  const documents = parseDocuments(text, new LineCounter(), fail);
  const error = documents[0]?.errors[0];
  if (error !== undefined) fail(syntaxMessage(error.code, error.message));
  if (documents.length !== 1 || !documents[0]!.contents)
    return { value: null, at: start, keyAt: undefined, children: undefined, size: 1 };
  const reader = new Reader(text, () => start);
  const value = reader.node(documents[0]!.contents, [], 0, undefined);
  if (reader.issues.length > 0) throw new ScenarioError(reader.issues);
  return value;
}

type Documents = Exclude<ReturnType<typeof parseAllDocuments>, { empty: true }>;

function parseDocuments(text: string, lineCounter: LineCounter, fail: (message: string) => never): Documents {
  const depth = flowDepth(text);
  if (depth > MAX_DEPTH) fail(`brackets are nested ${depth} deep; a scenario needs fewer than ${MAX_DEPTH}`);
  try {
    const documents = parseAllDocuments(text, {
      lineCounter,
      prettyErrors: false,
      uniqueKeys: false,
      stringKeys: false,
      logLevel: 'silent',
    });
    return ('empty' in documents ? [] : documents) as Documents;
  } catch (error) {
    if (error instanceof RangeError) return fail('lists and maps are nested too deeply');
    throw error;
  }
}

/**
 * About how deep [ and { nest, counted without parsing: the parser takes seconds for a text of nothing but brackets.
 * A line that does not go on with punctuation begins anew, so that brackets in prose do not add up.
 */
function flowDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const line of text.split('\n')) {
    if (depth <= MAX_DEPTH && !/^\s*[[\]{},"'-]/.test(line)) depth = 0;
    for (const c of line) {
      if (c === '[' || c === '{') deepest = Math.max(deepest, ++depth);
      else if (c === ']' || c === '}') depth = Math.max(0, depth - 1);
    }
  }
  return deepest;
}

function syntaxMessage(code: string, message: string): string {
  const bracket = /must (?:be sufficiently indented and )?end with a ([\]}])/.exec(message)?.[1];
  if (bracket !== undefined) return `a ${bracket === '}' ? '{' : '['} is opened and never closed`;
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'YAML is indented with spaces: a tab stands here';
    case 'MULTIPLE_DOCS':
      return 'a scenario is one document: remove the --- that begins a second one';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'not valid YAML: quote a text that holds ": ", or check the indentation of the lines below';
    case 'BAD_INDENT':
      return `the indentation does not fit: ${firstLine(message)}`;
    default:
      return `not valid YAML: ${firstLine(message)}`;
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.replace(/[.:]$/, '');
}
