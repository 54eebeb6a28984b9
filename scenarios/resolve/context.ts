/** What every step of resolving shares: the text's positions, the issues found so far, and the files beside it. */
import type { Distribution } from '../../sim/kernel/distribution.ts';
import { parseDistribution, type ReadSamples } from '../distribution.ts';
import { type Issue, type Path, ScenarioError, sortIssues } from '../issue.ts';
import { MAX_ISSUES } from '../limits.ts';
import { TextError } from '../text-error.ts';
import { issueAt, keyPositionOf, type Located, positionOf } from '../yaml/located.ts';

/** Gives the text of a file named in the scenario, relative to it; throws an Error when it cannot. */
export type ReadFile = (path: string) => string;

class TooManyIssues extends ScenarioError {}

export class Context {
  readonly issues: Issue[] = [];
  readonly warnings: Issue[] = [];
  readonly root: Located;
  readonly #readSamples: ReadSamples;

  constructor(root: Located, readSamples: ReadSamples) {
    this.root = root;
    this.#readSamples = readSamples;
  }

  error(path: Path, message: string, suggestion?: string): void {
    this.add(issueAt(positionOf(this.root, path), path, message, suggestion));
  }

  /** Points at the key instead of the value. */
  keyError(path: Path, message: string, suggestion?: string): void {
    this.add(issueAt(keyPositionOf(this.root, path), path, message, suggestion));
  }

  /** Notes an issue; throws a ScenarioError with all of them when there are too many to go on. */
  add(issue: Issue): void {
    this.issues.push(issue);
    if (this.issues.length < MAX_ISSUES) return;
    const { file, line, column } = sortIssues(this.issues).at(-1)!;
    const message = `${MAX_ISSUES} mistakes so far: what follows is not looked at`;
    throw new TooManyIssues([...this.issues, { file, line, column, path: '', message }]);
  }

  warn(path: Path, message: string): void {
    this.warnings.push(issueAt(positionOf(this.root, path), path, message));
  }

  /** What `read` gives, or `otherwise` and an issue when it throws a TextError; issues of another file stay where they point. */
  attempt<T>(path: Path, otherwise: T, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof TooManyIssues) throw error;
      if (error instanceof ScenarioError) for (const issue of error.issues) this.add(issue);
      else if (error instanceof TextError) this.error(path, error.message, error.suggestion);
      else throw error;
      return otherwise;
    }
  }

  distribution(path: Path, text: string): Distribution {
    return this.attempt<Distribution>(path, { kind: 'constant', value: 0 }, () =>
      parseDistribution(text, this.#readSamples),
    );
  }
}
