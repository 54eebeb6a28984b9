import { expect, test } from 'vitest';
import { simulate } from '../simulate.ts';
import { profileNames, SYSTEM_KINDS } from '../systems/profiles.ts';
import { costOf } from './cost.ts';
import { smallPlatform } from './testing.ts';

test('the estimate is within a twentieth of what a calm run costs, for every profile', () => {
  for (const kind of SYSTEM_KINDS) {
    for (const profile of profileNames(kind)) {
      const scenario = smallPlatform({ zones: [2, 2, 1], systems: [{ kind, profile }] });
      const calm = { ...scenario, run: { durationUs: 300_000_000, warmUpUs: 60_000_000 } };
      const { events } = costOf(calm);
      const { eventCount } = simulate(calm, { everyEvent: true });
      expect(Math.abs(eventCount - events), `${kind} ${profile}: ${events} for ${eventCount}`).toBeLessThan(
        500 + eventCount / 20,
      );
    }
  }
});
