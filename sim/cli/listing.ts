/** The library as a table, folder by folder. */
import picocolors from 'picocolors';
import type { DescribedEntry } from '../../scenarios/library.ts';

export function listing(entries: readonly DescribedEntry[], color: boolean, columns: number): string {
  const paint = picocolors.createColors(color);
  const width = Math.max(...entries.map((entry) => entry.name.length), 0) + 2;
  const room = Math.max(20, columns - width - 2);
  const lines: string[] = [];
  for (const folder of new Set(entries.map((entry) => entry.folder))) {
    if (lines.length > 0) lines.push('');
    if (folder !== '') lines.push(paint.bold(folder));
    for (const entry of entries.filter((each) => each.folder === folder))
      lines.push(`  ${entry.name.padEnd(width)}${cut(entry.title, room)}`);
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 3)}...`;
}
