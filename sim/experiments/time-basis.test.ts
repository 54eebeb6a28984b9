import { expect, test } from 'vitest';
import { loadScenario } from '../../scenarios/load.ts';
import { isSameScript, NEVER_US, scriptLength, timeBasisOf } from './time-basis.ts';

const MINUTE = 60_000_000;
const scenarioOf = (duration: string, ...lines: string[]) =>
  loadScenario(`version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 3 } }
systems: { etcd: { members: manager } }
${lines.join('\n')}
run: { duration: ${duration} }
`).scenario;

const SCRIPT = 'timeline: [{ at: 1m, kill: manager-1, for: 1m }]';
const CHANCE = 'faults: [{ every: exponential(mean 1d), kill: manager-2, for: 1m }]';
const ONCE = 'operators: { maintenance: [{ at: 1m, restart: managers, for: 1m }] }';
const MONTHLY = 'operators: { maintenance: [{ at: 1m, every: 30d, restart: managers, for: 1m }] }';

test.each([
  ['nothing', [scenarioOf('1h')], { kind: 'year' }],
  ['chance', [scenarioOf('1h', CHANCE)], { kind: 'year' }],
  ['chance, of any length', [scenarioOf('1h', CHANCE), scenarioOf('1y', CHANCE)], { kind: 'year' }],
  ['maintenance by the calendar', [scenarioOf('1h', MONTHLY)], { kind: 'year' }],
  ['a script', [scenarioOf('10m', SCRIPT)], { kind: 'run', durationUs: 10 * MINUTE, byChance: false }],
  [
    'maintenance done once',
    [scenarioOf('10m', ONCE)],
    { kind: 'run', durationUs: 10 * MINUTE, byChance: false },
  ],
  ['both', [scenarioOf('10m', SCRIPT, CHANCE)], { kind: 'run', durationUs: 10 * MINUTE, byChance: true }],
  [
    'a script beside chance, as long',
    [scenarioOf('10m', SCRIPT), scenarioOf('10m', CHANCE)],
    { kind: 'run', durationUs: 10 * MINUTE, byChance: true },
  ],
  ['scripts of different length', [scenarioOf('10m', SCRIPT), scenarioOf('1h', SCRIPT)], { kind: 'script' }],
  ['a script beside nothing', [scenarioOf('10m', SCRIPT), scenarioOf('1h')], { kind: 'script' }],
  ['a script beside longer chance', [scenarioOf('10m', SCRIPT), scenarioOf('1h', CHANCE)], { kind: 'apart' }],
  [
    'both, of different length',
    [scenarioOf('10m', SCRIPT, CHANCE), scenarioOf('1h', SCRIPT, CHANCE)],
    { kind: 'apart' },
  ],
])('%s', (_, scenarios, basis) => {
  expect(timeBasisOf(scenarios)).toEqual(basis);
});

test('a fault that was taken out plays no script', () => {
  const played = scenarioOf('10m', SCRIPT);
  const [fault] = played.faults;
  const out = { ...played, faults: [{ ...fault!, start: { kind: 'at', atUs: NEVER_US } as const }] };
  expect(timeBasisOf([out])).toEqual({ kind: 'year' });
  expect(scriptLength(out)).toBe(0);
});

test('how many faults a run plays: repetitions within it, followers and maintenance', () => {
  const line = (faults: string) => `timeline: [${faults}]`;
  const again = '{ name: x, at: 1m, kill: manager-1, for: 5s, repeat: { every: 1m, times: 20 } }';
  expect(scriptLength(scenarioOf('10m', line(again)))).toBe(9);
  expect(scriptLength(scenarioOf('1h', line(again)))).toBe(20);
  expect(scriptLength(scenarioOf('1h', line(`${again}, { after: x + 5s, kill: manager-2, for: 1s }`)))).toBe(
    21,
  );
  expect(scriptLength(scenarioOf('1h', CHANCE, ONCE))).toBe(1);
});

test('scripts are the same that do the same at the same times, whatever they strike', () => {
  const at = (fault: string) => scenarioOf('10m', `timeline: [${fault}]`);
  const one = at('{ at: 1m, zone-outage: dc/a, for: 1m }');
  expect(isSameScript([one, at('{ at: 1m, zone-outage: dc/b, for: 1m }')])).toBe(true);
  expect(
    isSameScript([one, scenarioOf('1h', 'timeline: [{ at: 1m, zone-outage: dc/a, for: 1m }]', CHANCE)]),
  ).toBe(true);
  expect(isSameScript([one, at('{ at: 2m, zone-outage: dc/a, for: 1m }')])).toBe(false);
  expect(isSameScript([one, at('{ at: 1m, zone-outage: dc/a, for: 2m }')])).toBe(false);
  expect(isSameScript([one, at('{ at: 1m, kill: manager-1, for: 1m }')])).toBe(false);
  expect(isSameScript([one, scenarioOf('10m')])).toBe(false);
});
