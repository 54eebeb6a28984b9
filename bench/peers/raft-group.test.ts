import { expect, test } from 'vitest';
import { MINUTE } from '../../sim/kernel/time.ts';
import { ksDistance, ksPValue, mean, standardError } from '../fidelity/statistics.ts';
import { type Answers, downShares, HURRIED, inSimpy, inZonefall, outageLengths } from './raft-group.ts';
import { NO_SIMPY, pythonWithSimpy } from './simpy.ts';

const python = pythonWithSimpy();
const model = { ...HURRIED, durationUs: 20 * MINUTE };
const simpy = { runs: 6, seed: 1 };
const ours = { runs: 40, seed: 1 };

/** How likely it is that outages of both are of one kind, going by their lengths. */
function alike(a: Answers, b: Answers): number {
  const [x, y] = [outageLengths(a), outageLengths(b)];
  return ksPValue(ksDistance(x, y), x.length, y.length);
}

test('zonefall and a plain SimPy program give the same answer, and would not with other time-outs', (context) => {
  context.skip(python === null, NO_SIMPY);
  const peer = inSimpy(python!, model, simpy);
  const own = inZonefall(model, ours);
  expect(outageLengths(peer).length).toBeGreaterThan(60);
  const [a, b] = [downShares(peer, model), downShares(own, model)];
  expect(Math.abs(mean(a) - mean(b))).toBeLessThan(2 * Math.hypot(standardError(a), standardError(b)));
  expect(alike(peer, own)).toBeGreaterThan(0.05);
  expect(alike(peer, inZonefall({ ...model, electionTicks: 11 }, ours))).toBeLessThan(0.001);
  expect(alike(peer, inZonefall({ ...model, electionTicks: 9 }, ours))).toBeLessThan(0.001);
});

test('event by event, zonefall has the same outages to the microsecond', () => {
  const few = { runs: 2, seed: 1 };
  expect(inZonefall(model, { ...few, everyEvent: true }).runs).toEqual(inZonefall(model, few).runs);
});
