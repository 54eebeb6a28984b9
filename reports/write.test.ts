import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { threeZonesRun } from './testing.ts';
import { type Content, REPORT_FILES, ReportWriteError, writeReports, writeTogether } from './write.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'zonefall-write-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

// Drawing is tested in svg/svg.test.ts, for loading d3-node takes seconds.
const OPTIONS = { version: '0.1.0', wallClock: null, svg: false } as const;
const FILES = REPORT_FILES.filter((name) => name !== 'timeline.svg');

describe('writeReports', () => {
  it('makes the folder and writes every file, and nothing else', async () => {
    const folder = join(base, 'deep', 'er');
    const paths = await writeReports(threeZonesRun(), folder, OPTIONS);
    expect(readdirSync(folder).toSorted()).toEqual(FILES.toSorted());
    expect(paths.toSorted()).toEqual(FILES.map((name) => join(folder, name)).toSorted());
    expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')).tool.name).toBe('zonefall');
  });

  it('gives the same bytes again and leaves the files of others alone', async () => {
    writeFileSync(join(base, 'notes.txt'), 'mine');
    await writeReports(threeZonesRun(), base, OPTIONS);
    const before = FILES.map((name) => readFileSync(join(base, name), 'utf8'));
    await writeReports(threeZonesRun(), base, OPTIONS);
    expect(FILES.map((name) => readFileSync(join(base, name), 'utf8'))).toEqual(before);
    expect(readFileSync(join(base, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('removes the picture of an earlier run when it draws none', async () => {
    writeFileSync(join(base, 'timeline.svg'), '<svg/>');
    await writeReports(threeZonesRun(), base, OPTIONS);
    expect(readdirSync(base)).not.toContain('timeline.svg');
  });

  it('says in one sentence why a folder cannot be written', async () => {
    writeFileSync(join(base, 'file'), '');
    for (const folder of [join(base, 'file'), join(base, 'file', 'out')]) {
      const error = await writeReports(threeZonesRun(), folder, OPTIONS).catch((each: unknown) => each);
      expect(error).toBeInstanceOf(ReportWriteError);
      expect((error as ReportWriteError).folder).toBe(folder);
      expect((error as ReportWriteError).message).toMatch(
        /^cannot write to the folder .*: (there is a file|a part of the path)/,
      );
    }
    expect(readdirSync(base)).toEqual(['file']);
  });

  it('two at once leave one whole set', async () => {
    await Promise.all([1, 2, 3].map(() => writeReports(threeZonesRun(), base, OPTIONS)));
    expect(readdirSync(base).toSorted()).toEqual(FILES.toSorted());
  });
});

describe('a failure in the middle', () => {
  const withBadName = new Map([
    ['a.csv', 'new'],
    [`${'x'.repeat(300)}.csv`, 'the name is too long for any file system'],
    ['b.csv', 'new'],
  ]);

  it('leaves nothing in a folder that it made', async () => {
    const error = await writeTogether(withBadName, join(base, 'one', 'two')).catch((each: unknown) => each);
    expect((error as ReportWriteError).code).toBe('ENAMETOOLONG');
    expect(readdirSync(base)).toEqual([]);
  });

  it('leaves the old files as they were in a folder that was there', async () => {
    writeFileSync(join(base, 'a.csv'), 'old');
    await expect(writeTogether(withBadName, base)).rejects.toThrow('the name is too long');
    expect(readdirSync(base)).toEqual(['a.csv']);
    expect(readFileSync(join(base, 'a.csv'), 'utf8')).toBe('old');
  });

  it('is no matter of the folder when it lies in what makes the pieces', async () => {
    writeFileSync(join(base, 'b.csv'), 'old');
    async function* broken() {
      yield 'first';
      throw new RangeError('a bug');
    }
    const files = new Map<string, Content>([
      ['a.csv', 'new'],
      ['b.csv', broken()],
    ]);
    await expect(writeTogether(files, base)).rejects.toThrow(new RangeError('a bug'));
    expect(readdirSync(base)).toEqual(['b.csv']);
    expect(readFileSync(join(base, 'b.csv'), 'utf8')).toBe('old');
  });

  it('is found before anything is replaced when a folder has the name of a file', async () => {
    writeFileSync(join(base, 'run.json'), 'old');
    mkdirSync(join(base, 'summary.csv'));
    await expect(writeReports(threeZonesRun(), base, OPTIONS)).rejects.toThrow(
      'a folder has the name of a report file',
    );
    expect(readdirSync(base).toSorted()).toEqual(['run.json', 'summary.csv']);
    expect(readFileSync(join(base, 'run.json'), 'utf8')).toBe('old');
  });
});
