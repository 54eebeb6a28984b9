/** Never parted by a line break: a figure and its unit, a word and its number. */
const GLUED = /(?<=\d) (?=(?:µs|ms|s|min|h|d|%)(?![\w]))|(?<=\b(?:fault|term|seed)) (?=\d)/g;
const GLUE = '\u00a0';

/**
 * Breaks a paragraph into lines of at most `width` columns, with a first and a hanging indent. Words that are longer
 * than a line stay whole.
 */
export function wrap(text: string, width: number, first: string, hanging: string): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.replace(GLUED, GLUE).split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = hanging;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines.join('\n').replaceAll(GLUE, ' ');
}
