import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND, YEAR } from '../sim/kernel/time.ts';
import * as words from './words.ts';

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [250, '250 µs'],
    [3_100, '3.1 ms'],
    [9_960, '10 ms'],
    [19_000, '19 ms'],
    [999_400, '999 ms'],
    [999_600, '1 s'],
    [4_031_200, '4 s'],
    [7_400_000, '7.4 s'],
    [59_940_000, '59.9 s'],
    [59_960_000, '1 min'],
    [5 * MINUTE, '5 min'],
    [308 * SECOND, '5 min 8 s'],
    [HOUR - 1, '1 h'],
    [3 * HOUR + 10 * MINUTE, '3 h 10 min'],
    [DAY - 1, '1 d'],
    [143 * DAY + 7 * HOUR, '143 d 7 h'],
    [YEAR, '1 year'],
    [100 * YEAR, '100 years'],
    [1200 * DAY, '1,200 d'],
  ])('%d us is %s', (us, said) => expect(words.duration(us)).toBe(said));

  it.each([
    [8_004_000, '8.004 s'],
    [8 * SECOND, '8 s'],
    [412_345, '412.345 ms'],
    [308_250_000, '5 min 8.25 s'],
    [5 * MINUTE, '5 min'],
    [3 * HOUR, '3 h'],
    [3 * HOUR + SECOND, '3 h 0 min 1 s'],
    [2 * DAY, '2 d'],
  ])('%d us is exactly %s', (us, said) => expect(words.exactDuration(us)).toBe(said));
});

describe('moments', () => {
  it.each([
    [0, '0:00', '0:00.000'],
    [120 * SECOND, '2:00', '2:00.000'],
    [127_400_000, '2:07.4', '2:07.400'],
    [HOUR + 2 * MINUTE + 3 * SECOND + 10_000, '1:02:03.01', '1:02:03.010'],
    [143 * DAY + 7 * HOUR + 751_500_000, '143 d 07:12:31.5', '143 d 07:12:31.500'],
  ])('%d us is %s, in columns %s', (us, short, full) => {
    expect(words.clock(us)).toBe(short);
    expect(words.fullClock(us)).toBe(full);
  });
});

describe('percentages never claim more than there is', () => {
  it.each([
    [1, '100 %'],
    [0, '0.00 %'],
    [0.3, '30.00 %'],
    [0.989333333, '98.93 %'],
    [0.99, '99.00 %'],
    [0.999, '99.900 %'],
    [0.99949999, '99.949 %'],
    [1 - 4 / 31_557_600, '99.999987 %'],
    [1 - 1e-15, '99.99999999999 %'],
  ])('%d is %s', (share, said) => expect(words.percent(share)).toBe(said));
});

it('counts and lists in grammatical English', () => {
  expect([0, 1, 2, 1204].map((n) => words.count(n, 'worker'))).toEqual([
    '0 workers',
    '1 worker',
    '2 workers',
    '1,204 workers',
  ]);
  expect([1, 2, 3].map(words.times)).toEqual(['once', 'twice', '3 times']);
  expect(words.list([])).toBe('');
  expect(words.list(['a'])).toBe('a');
  expect(words.list(['a', 'b', 'c'])).toBe('a, b and c');
  expect(words.listSome(['a', 'b', 'c'], 3)).toBe('a, b and c');
  expect(words.listSome(['a', 'b', 'c', 'd'], 3)).toBe('a, b and 2 more');
});

it('names what users do', () => {
  expect(['write', 'schedule', 'stale-read', 'fly'].map(words.operationNoun)).toEqual([
    'writes',
    'scheduling',
    'stale reads',
    'fly',
  ]);
});

it('makes hostile text harmless and keeps the rest', () => {
  expect(words.clean('a\n\tb\u001b[31m\u0000\u202e\ud800')).toBe('a b\u{FFFD}[31m\u{FFFD}\u{FFFD}\u{FFFD}');
  expect(words.clean('zone é 中 😀 <&>"\'')).toBe('zone é 中 😀 <&>"\'');
});
