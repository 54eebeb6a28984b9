import { describe, expect, it } from 'vitest';
import { expectGolden } from '../testing/golden.ts';
import { calmRun, crowdedRun, hostileRun, quorumLossRun, threeZonesRun, yearRun } from '../testing.ts';
import { plainLanes, terminalSummary } from './index.ts';
import { wrap } from './wrap.ts';

const PLAIN = { color: false, columns: 100 };

/** The paragraph without its line breaks, so that a test does not depend on where they fall. */
function joined(text: string): string {
  return text.replace(/\s+/g, ' ');
}

describe('the summary', () => {
  it.each([
    ['three-zones/summary.txt', threeZonesRun],
    ['quorum-loss/summary.txt', quorumLossRun],
    ['calm/summary.txt', calmRun],
    ['year/summary.txt', yearRun],
  ] as const)('is as it was judged: %s', (name, make) => expectGolden(name, terminalSummary(make(), PLAIN)));

  it('tells the chain from the fault to the user', () => {
    expect(joined(terminalSummary(threeZonesRun(), PLAIN))).toContain(
      'etcd writes and reads failed from everywhere for 6.4 s from 2:00: the leader manager-2 went down ' +
        'with zone us-west/b (fault 1); manager-1 noticed after 6.1 s, took 1.3 s and 2 rounds to win term 4 and served ' +
        'again 19 ms later. Requests sent after that waited up to 1 s and succeeded.',
    );
  });

  it('says what waited without failing', () => {
    expect(joined(terminalSummary(threeZonesRun(), PLAIN))).toContain(
      'swarm writes and scheduling worked throughout from everywhere: no request failed; those sent during ' +
        'the failover waited up to 4 s.',
    );
  });

  it('says why there was no quorum, and which fault did nothing', () => {
    const text = joined(terminalSummary(quorumLossRun(), PLAIN));
    expect(text).toContain(
      '1 of 3 voters was within reach and 2 are needed, because zone us-west/a loses power (fault 1)',
    );
    expect(text).toContain('NO EFFECT: manager-1 was already down (fault 1)');
  });

  it('tells the longest of many outages and counts the others', () => {
    const text = joined(terminalSummary(crowdedRun(), PLAIN));
    expect(text).toMatch(/etcd writes and reads failed from everywhere 20 times, 1 min 24 s in all:/);
    expect(text).toContain(
      'for 5.9 s from 17:40: the leader prod-usw2-manager-04.internal.example.com was killed (fault 5);',
    );
    expect(text).toContain('and 16 more times, at most for 5 s.');
    expect(text).toContain('and 10 more (run.json has them all)');
  });

  it('keeps to the width of the terminal', () => {
    for (const line of terminalSummary(threeZonesRun(), { color: false, columns: 72 }).split('\n')) {
      if (line.startsWith('Objectives')) break;
      expect(line.length).toBeLessThanOrEqual(72);
    }
  });

  it('uses colour only when asked', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is the point
    const colours = /\u001b\[\d+m/;
    expect(terminalSummary(threeZonesRun(), PLAIN)).not.toMatch(colours);
    expect(terminalSummary(threeZonesRun(), { color: true, columns: 100 })).toMatch(colours);
  });

  it('passes no control character of a hostile scenario on to the terminal', () => {
    for (const text of [terminalSummary(hostileRun(), PLAIN), plainLanes(hostileRun())]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the point
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });
});

describe('the plain lanes', () => {
  it.each([
    ['three-zones/lanes.txt', threeZonesRun],
    ['quorum-loss/lanes.txt', quorumLossRun],
  ] as const)('are as they were judged: %s', (name, make) => expectGolden(name, plainLanes(make())));

  it('have one line for each change, in the order of time', () => {
    const times = plainLanes(threeZonesRun())
      .split('\n')
      .flatMap((line) => /^ *(\d+:\d\d\.\d{3})/.exec(line)?.[1] ?? []);
    expect(times).toEqual(times.toSorted((a, b) => a.padStart(9).localeCompare(b.padStart(9))));
    expect(new Set(times).size).toBe(times.length);
    expect(times).toContain('2:07.400');
    expect(times.at(-1)).toBe('10:00.000');
  });
});

describe('wrapping', () => {
  it('never parts a figure from its unit or a fault from its number', () => {
    for (let width = 10; width < 60; width++) {
      const lines = wrap(
        'it took 6.4 s and 12 min (fault 1) for 99.9 % of term 12 to pass',
        width,
        '',
        '',
      ).split('\n');
      for (const line of lines) {
        expect(line).not.toMatch(/^(s|min|%|1\)|12 to)/);
        expect(line).not.toMatch(/(fault|term)$/);
      }
    }
  });
});
