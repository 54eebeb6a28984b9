/** Cells in columns without lines, each cell wrapped at words. */

const GAP = 2;
/** Narrower than this, a column is no longer readable. */
const COLUMN_MIN = 14;

/** Rows of cells -> lines of at most `width` columns, where the words allow it. */
export function columnLines(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = columnWidths(rows, width);
  return rows.flatMap((row) => {
    const cells = row.map((cell, i) => wrapped(cell, widths[i]!));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, i) => (lines[line] ?? '').padEnd(widths[i]! + GAP))
        .join('')
        .trimEnd(),
    );
  });
}

/** As wide as the longest cell, and narrower where there is no room: the widest column gives first. */
function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const result = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const room = width - GAP * (result.length - 1);
  for (;;) {
    const widest = result.indexOf(Math.max(...result));
    if (result.reduce((sum, each) => sum + each, 0) <= room || result[widest]! <= COLUMN_MIN) return result;
    result[widest]!--;
  }
}

/** Continued lines of a cell stand in by two. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '  ';
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
