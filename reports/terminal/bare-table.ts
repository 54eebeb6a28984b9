/** Columns without lines; `head` and `border` empty, or the library adds colours of its own. */
import Table from 'cli-table3';

const NO_LINES = {
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  chars: Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
      'middle',
    ].map((each) => [each, '']),
  ),
};

export function bareTable(
  rows: readonly (readonly string[])[],
  options: { readonly head?: readonly string[]; readonly align?: readonly ('left' | 'right')[] } = {},
): string {
  const table = new Table({
    ...NO_LINES,
    ...(options.head === undefined ? {} : { head: [...options.head] }),
    ...(options.align === undefined ? {} : { colAligns: [...options.align] }),
  });
  for (const row of rows) table.push([...row]);
  return table.toString().replace(/ +$/gm, '');
}
