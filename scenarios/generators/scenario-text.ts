/** What the generators of the library share: the head of a file, prose in lines, numbers in words. */

export interface GeneratedFile {
  /** Under library/: `placements/three-zones-3-managers.yaml`. */
  readonly path: string;
  readonly text: string;
}

/** `fail` where the story is a limit that the placement breaks. */
export type Outcome = 'pass' | 'fail';

/** The first lines of a file. `by` names the generator, so that nobody edits its work by hand. */
export function head(by: string, outcome: Outcome, title: string, description: string): string {
  const expected =
    outcome === 'pass'
      ? '# Expected outcome: pass (exit code 0).'
      : '# Expected outcome: fail (exit code 1): the story is a limit that does not hold.';
  return [
    '# yaml-language-server: $schema=../../schema/v1.json',
    expected,
    `# Written by scenarios/generators/${by}: change it there.`,
    'version: 1',
    `title: ${title}`,
    'description: >-',
    ...wrap(description, 106).map((line) => `  ${line}`),
  ].join('\n');
}

/** Lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `1 manager`, `3 managers`. */
export function count(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}

/** How `spread: zone` deals n nodes out over so many zones: `[2, 2, 1]`. */
export function dealt(n: number, zones: number): number[] {
  return Array.from({ length: zones }, (_, i) => Math.floor((n + zones - 1 - i) / zones));
}
