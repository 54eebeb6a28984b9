/**
 * How wide text will be, without a browser. The advance widths are those of DejaVu Sans, one of the widest of the fonts
 * that `system-ui` may stand for: what fits here fits elsewhere.
 */

/** Advance widths of the characters from space to tilde, in hundredths of the font size. */
const REGULAR = widths(
  '32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 ' +
    '64 64 64 64 64 64 64 34 34 84 84 84 53 100 68 69 70 77 63 ' +
    '58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 ' +
    '61 69 39 34 39 84 50 50 61 63 55 63 62 35 63 63 28 28 58 ' +
    '28 97 63 61 63 63 41 52 39 63 59 82 59 59 52 64 34 64 84',
);
const BOLD = widths(
  '35 46 52 84 70 100 87 31 46 46 52 84 38 42 38 37 70 70 70 ' +
    '70 70 70 70 70 70 70 40 40 84 84 84 58 100 77 76 73 83 68 ' +
    '68 82 84 37 37 77 64 100 84 85 73 85 77 72 68 81 77 110 77 ' +
    '72 73 46 37 46 84 50 50 67 72 59 72 68 44 72 71 34 34 67 ' +
    '34 104 71 69 72 72 49 60 48 71 65 92 65 65 58 71 37 71 84',
);
/** A character of another script, or an emoji. */
const OTHER = 1;
const FIRST = 32;

function widths(hundredths: string): number[] {
  return hundredths.split(' ').map((each) => Number(each) / 100);
}

/** Pixels of a line of text at a font size. */
export function textWidth(text: string, size: number, bold = false): number {
  const table = bold ? BOLD : REGULAR;
  let em = 0;
  for (const character of text) em += table[character.codePointAt(0)! - FIRST] ?? OTHER;
  return em * size;
}

/** The text, or its beginning and an ellipsis, so that it is no wider than `width`. */
export function fitted(text: string, width: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const characters = [...text];
  let kept = '';
  for (const character of characters) {
    if (textWidth(`${kept}${character}…`, size, bold) > width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** A name cut in its middle, for names often differ at their end. */
export function fittedName(name: string, width: number, size: number, bold = false): string {
  if (textWidth(name, size, bold) <= width) return name;
  const characters = [...name];
  for (let kept = characters.length - 1; kept > 2; kept--) {
    const head = Math.ceil(kept / 2);
    const short = `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
    if (textWidth(short, size, bold) <= width) return short;
  }
  return '…';
}

/** A paragraph in lines no wider than `width`; what does not fit into `most` lines ends in an ellipsis. */
export function wrapped(text: string, width: number, size: number, most: number, bold = false): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size, bold) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  if (lines.length > most) lines.splice(most - 1, lines.length, lines.slice(most - 1).join(' '));
  return lines.map((each) => fitted(each, width, size, bold));
}
