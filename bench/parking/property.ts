/**
 * `npx tsx bench/parking/property.ts [CONFIGURATIONS] [SEED] [gossip]`: the property of sim/parking.test.ts over many random
 * scenarios, without stopping at the first that fails: in how many parked and event-by-event runs differ.
 */
import fc from 'fast-check';
import { gossipParkingScenario } from '../../sim/testing/gossip-parking.ts';
import { compareRuns, parkingScenario } from '../../sim/testing/parking.ts';

const count = Number(process.argv[2] ?? 1000);
const firstSeed = Number(process.argv[3] ?? 1);
const SHOWN = 5;

const scenarios = fc.sample(process.argv[4] === 'gossip' ? gossipParkingScenario : parkingScenario, {
  numRuns: count,
  seed: firstSeed,
});
let different = 0;
let parked = 0;
const events = { parked: 0, everyEvent: 0 };
const reasons = new Map<string, number>();
const only = process.env.ZF_ONLY === undefined ? null : Number(process.env.ZF_ONLY);
const startedMs = performance.now();
for (const [i, scenario] of scenarios.entries()) {
  if (only !== null && i !== only) continue;
  let difference = '';
  try {
    const comparison = compareRuns(scenario, i);
    difference = comparison.difference;
    events.parked += comparison.parked.eventCount;
    events.everyEvent += comparison.everyEvent.eventCount;
    const groups = comparison.parked.parking?.groups ?? [];
    if (groups.some(({ times }) => times > 0)) parked++;
    for (const group of groups)
      if (group.times === 0) {
        const reason = group.reasons[0]?.reason ?? 'never led';
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
  } catch (error) {
    difference = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  if (difference === '') continue;
  if (++different <= SHOWN) {
    const { systems, faults } = scenario;
    const text = JSON.stringify({
      i,
      systems: systems.map(({ kind, parameters }) => ({ kind, parameters })),
      quality: scenario.world.linkClasses['within-zone'],
      faults,
      run: scenario.run,
    });
    console.log(`#${i}: ${difference.slice(0, 1500)}\n  ${text.slice(0, 1500)}`);
  }
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
console.log(
  `${different} of ${count} differ; a group parked in ${parked}; events ${events.parked} of ${events.everyEvent}; ${seconds} s`,
);
for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1]))
  console.log(`  ${times} never parked: ${reason}`);
