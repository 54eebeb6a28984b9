import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration, parsePpm, parseRate, parseShare, parseSignedDuration, parseSize } from './units.ts';

const S = 1_000_000;

describe('durations are whole microseconds', () => {
  test.each([
    ['500us', 500],
    ['500µs', 500],
    ['500ms', 500_000],
    ['0.5ms', 500],
    ['.5s', 500_000],
    ['5s', 5 * S],
    ['2m', 120 * S],
    ['1h30m', 5400 * S],
    ['1h 30m', 5400 * S],
    ['90d', 90 * 86400 * S],
    ['2w', 14 * 86400 * S],
    ['1y', 365.25 * 86400 * S],
    ['PT2M', 120 * S],
    ['PT1H30M', 5400 * S],
    ['P90D', 90 * 86400 * S],
    ['P1DT12H', 1.5 * 86400 * S],
    ['P1W', 7 * 86400 * S],
    ['PT0.5S', 500_000],
    ['0s', 0],
    ['285y', 285 * 365.25 * 86400 * S],
  ])('%s', (text, us) => {
    expect(parseDuration(text)).toBe(us);
  });

  test.each([
    ['5', 'a duration needs a unit: write 5ms or 5s'],
    ['', 'a duration is missing: write it like 500ms, 5s, 2m, 1h30m, 90d or 1y'],
    ['-5s', 'a duration has no sign: write it like 500ms, 5s, 2m, 1h30m, 90d or 1y'],
    [
      '5 parsecs',
      '"5 parsecs": unknown unit "parsecs" of a duration: the units are us, ms, s, m, h, d, w or y',
    ],
    ['10ns', '"10ns": the model\'s smallest step is a microsecond; the units are us, ms, s, m, h, d, w or y'],
    ['2mo', '"2mo": months differ in length; write days, like 30d'],
    ['P2M', '"P2M": months differ in length; write days, like P30D'],
    ['PT', '"PT" is not an ISO 8601 duration: write it like PT2M, PT1H30M or P90D'],
    ['1m1h', '"1m1h" is not a duration: name each unit once, the longest first, like 1h30m'],
    ['300y', '"300y" is longer than 285 years, the most the model can count'],
    ['0.1us', '"0.1us" is shorter than a microsecond, the model\'s smallest step'],
    ['1h30', '"1h30" is not a duration: write it like 500ms, 5s, 2m, 1h30m, 90d or 1y'],
    ['1e400s', '"1e400s": unknown unit "e" of a duration: the units are us, ms, s, m, h, d, w or y'],
  ])('%s is refused', (text, message) => {
    expect(() => parseDuration(text)).toThrow(message);
  });

  test('the words for a unit find the unit', () => {
    expect(() => parseDuration('5 minutes')).toThrow(expect.objectContaining({ suggestion: 'm' }));
    expect(() => parseDuration('5MS')).toThrow(expect.objectContaining({ suggestion: 'ms' }));
  });

  test('microseconds come back as they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 * 10 ** 15 }), (us) => {
        expect(parseDuration(`${us}us`)).toBe(us);
      }),
    );
  });

  test('only an offset may be negative', () => {
    expect(parseSignedDuration('-5s')).toBe(-5 * S);
    expect(parseSignedDuration('+5s')).toBe(5 * S);
    expect(Object.is(parseSignedDuration('-0s'), -0)).toBe(false);
  });
});

test.each([
  ['64GiB', 64 * 2 ** 30],
  ['4GB', 4e9],
  ['512 MiB', 512 * 2 ** 20],
  ['1B', 1],
  ['1.5KiB', 1536],
])('size %s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  ['64', undefined, 'a size needs a unit: write it like 512MiB, 64GiB or 4GB'],
  ['64g', '64GiB', '"64g": unknown unit "g" of a size: write it like 512MiB, 64GiB or 4GB'],
  ['0GB', undefined, '"0GB" is no size: it must be at least one byte'],
  ['9PiB', undefined, '"9PiB" is larger than 8PiB, the most that can be counted'],
  ['big', undefined, '"big" is not a size: write it like 512MiB, 64GiB or 4GB'],
])('size %s is refused', (text, suggestion, message) => {
  expect(() => parseSize(text)).toThrow(expect.objectContaining({ message, suggestion }));
});

test.each([
  ['1Gbps', 1e9],
  ['100Mbps', 1e8],
  ['64kbps', 64_000],
  ['300bps', 300],
])('rate %s', (text, rate) => {
  expect(parseRate(text)).toBe(rate);
});

test.each([
  ['100MB/s', '800Mbps'],
  ['100Mbit/s', '100Mbps'],
  ['1gbps', '1Gbps'],
])('rate %s has a better form', (text, suggestion) => {
  expect(() => parseRate(text)).toThrow(expect.objectContaining({ suggestion }));
});

test.each([
  ['99.95%', 0.9995],
  ['0.001', 0.001],
  [0.5, 0.5],
  ['100%', 1],
  [0, 0],
])('share %s', (text, share) => {
  expect(parseShare(text)).toBe(share);
});

test.each([
  [99.95, '99.95 is not a share: it must lie between 0 and 1 (write 99.95% for a percentage)'],
  ['99.95', '99.95 is not a share: it must lie between 0 and 1 (write 99.95% for a percentage)'],
  ['101%', '101% is not a share: it must lie between 0 and 1, so at most 100%'],
  ['most', '"most" is not a share: write it like 99.95% or 0.001'],
  [-1, '-1 is not a share: it must lie between 0 and 1 (write -1% for a percentage)'],
])('share %s is refused', (text, message) => {
  expect(() => parseShare(text)).toThrow(message);
});

test('clock rates are signed parts per million', () => {
  expect(parsePpm('50ppm')).toBe(50);
  expect(parsePpm('-20 ppm')).toBe(-20);
  expect(() => parsePpm('50')).toThrow(
    '"50" is not a clock rate: write it in parts per million, like 50ppm or -20ppm',
  );
  expect(() => parsePpm('9000000ppm')).toThrow('"9000000ppm" is past 500000ppm');
});
