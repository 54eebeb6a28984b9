/** Lines that say themselves whether they are whole: eight hexadecimal digits of CRC-32, a space, JSON. */
import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const CHECK_DIGITS = 8;
const READ_BYTES = 1 << 20;
const NEWLINE = 0x0a;

export function checkedLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checkOf(json)} ${json}\n`;
}

export interface CheckedLines {
  /** Of the whole lines, in their order. */
  readonly values: unknown[];
  /** Length of the file up to the end of its last newline: what follows was torn off. */
  readonly bytes: number;
}

/** Lines that are not what was written are left out. */
export function readCheckedLines(file: string): CheckedLines {
  const values: unknown[] = [];
  let bytes = 0;
  let rest: Buffer[] = [];
  const fd = openSync(file, 'r');
  try {
    for (let at = 0; ; ) {
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      const length = readSync(fd, buffer, 0, READ_BYTES, at);
      if (length === 0) break;
      let from = 0;
      for (let end = buffer.indexOf(NEWLINE); end >= 0 && end < length; end = buffer.indexOf(NEWLINE, from)) {
        rest.push(buffer.subarray(from, end));
        const value = parse(Buffer.concat(rest).toString('utf8'));
        if (value !== undefined) values.push(value);
        rest = [];
        from = end + 1;
        bytes = at + from;
      }
      rest.push(buffer.subarray(from, length));
      at += length;
    }
  } finally {
    closeSync(fd);
  }
  return { values, bytes };
}

function parse(line: string): unknown {
  const json = line.slice(CHECK_DIGITS + 1);
  return line.slice(0, CHECK_DIGITS + 1) === `${checkOf(json)} ` ? JSON.parse(json) : undefined;
}

function checkOf(json: string): string {
  return crc32(json).toString(16).padStart(CHECK_DIGITS, '0');
}
