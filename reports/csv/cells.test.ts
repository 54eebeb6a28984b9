import { parseString } from 'fast-csv';
import { describe, expect, it } from 'vitest';
import { type Cell, csvFile, csvPieces, milliseconds, numberOrNone, share, text } from './cells.ts';

function parse(csv: string): Promise<string[][]> {
  return new Promise((done, fail) => {
    const rows: string[][] = [];
    parseString(csv)
      .on('error', fail)
      .on('data', (row: string[]) => rows.push(row))
      .on('end', () => done(rows));
  });
}

describe('cells', () => {
  it('write microseconds as milliseconds with three decimals, exactly', () => {
    expect(milliseconds(0)).toBe('0.000');
    expect(milliseconds(1)).toBe('0.001');
    expect(milliseconds(999)).toBe('0.999');
    expect(milliseconds(4_031_205)).toBe('4031.205');
    expect(milliseconds(-1_500)).toBe('-1.500');
    expect(milliseconds(Number.MAX_SAFE_INTEGER)).toBe('9007199254740.991');
  });

  it('write nothing where nothing applies', () => {
    expect(milliseconds(null)).toBeNull();
    expect(numberOrNone(0)).toBeNull();
    expect(numberOrNone(null)).toBeNull();
    expect(numberOrNone(7)).toBe('7');
  });

  it('write shares with twelve decimals', () => {
    expect(share(1)).toBe('1.000000000000');
    expect(share(0)).toBe('0.000000000000');
    expect(share(2 / 3)).toBe('0.666666666667');
    expect(share(1 - 4 / 31_557_600)).toBe('0.999999873248');
  });

  it('keep a spreadsheet from running a name', () => {
    for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1']) expect(text(name)).toBe(`'${name}`);
    expect(text('manager-1')).toBe('manager-1');
    expect(text('a=b')).toBe('a=b');
    // A null byte is dropped by the writer, so it must not hide the sign behind it.
    expect(text('\0=1+1')).toBe("'=1+1");
  });

  it('survive quotes, commas and line breaks, and end with a line break', async () => {
    const rows = [
      ['a,b', 'say "x"', 'two\nlines'],
      ['', "it's", '\r'],
    ];
    const csv = await csvFile(['one', 'two', 'three'], rows);
    expect(csv.endsWith('\n')).toBe(true);
    expect(await parse(csv)).toEqual([['one', 'two', 'three'], ...rows]);
  });

  it('write the header of an empty table', async () => {
    expect(await csvFile(['a', 'b'], [])).toBe('a,b\n');
  });
});

describe('a long table in pieces', () => {
  const ROWS = 50_000;
  function* rows(onRow: (n: number) => void): Generator<Cell[]> {
    for (let n = 0; n < ROWS; n++) {
      onRow(n);
      yield [String(n), 'a detail, with a comma and an \u2026'];
    }
  }

  it('makes rows as they are written, never all of them', async () => {
    let made = 0;
    let written = 0;
    let ahead = 0;
    const pieces: string[] = [];
    const table = rows((n) => {
      made = n + 1;
    });
    for await (const piece of csvPieces({ columns: ['n', 'detail'], rows: table })) {
      pieces.push(Buffer.from(piece).toString('utf8'));
      written += pieces.at(-1)!.split('\n').length - 1;
      ahead = Math.max(ahead, made - written);
    }
    const text = pieces.join('');
    expect(text).toBe(await csvFile(['n', 'detail'], [...rows(() => {})]));
    expect(text.split('\n')).toHaveLength(ROWS + 2);
    expect(ahead).toBeLessThan(ROWS / 10);
  });

  it('throws what making a row throws', async () => {
    const table = rows((n) => {
      if (n === 30_000) throw new RangeError('row 30000');
    });
    await expect(csvFile(['n', 'detail'], table)).rejects.toThrow(new RangeError('row 30000'));
  });
});
