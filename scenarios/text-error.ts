/**
 * What a parser of a short text (a duration, a distribution, a selector, an objective) throws: what was expected, and
 * where a word is wrong the nearest valid one. The loader adds file, line and column.
 */
export class TextError extends Error {
  override readonly name = 'TextError';
  readonly suggestion: string | undefined;

  constructor(message: string, suggestion?: string) {
    super(message);
    this.suggestion = suggestion;
  }
}
