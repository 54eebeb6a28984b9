/** What a user saw of a system in a time: what failed, what gave stale answers, what waited, from where. */
import type { Run } from '../../sim/run.ts';
import { type OperationLane, stretchesIn } from '../findings/lanes.ts';
import { lengthUs, overlap, type Span, type Stretch, totalUs } from '../findings/stretches.ts';
import { subjectOf } from '../findings/subjects.ts';
import { clock, duration, list } from '../words.ts';
import type { Lapse } from './lapses.ts';
import { stretchesWithin } from './outages.ts';

/** Shorter troubles are left out beside longer ones, and shorter waits always. */
const FLICKER_US = 50_000;

const UNTROUBLED = 'worked throughout';

/** One sentence for each view of the system. */
export function usersSaw(
  run: Run,
  system: string,
  lanes: readonly OperationLane[],
  window: Span,
  lapses: readonly Lapse[],
): string[] {
  return lanes
    .filter((lane) => lane.system === system)
    .map((lane) => {
      const subject = subjectOf(run, [lane]);
      const all = stretchesWithin(lane, window.fromUs, window.toUs);
      const long = all.filter((stretch) => lengthUs(stretch) >= FLICKER_US);
      const told = long.length > 0 ? long : all;
      const phrases = told.map((stretch) =>
        stretchWords(run, stretch, all.some((next) => next.fromUs === stretch.toUs) ? [] : lapses),
      );
      const seen = phrases.length > 0 ? phrases : untroubled(run, lane, lapses);
      const dark = stretchesIn(lane, 'dark').filter((stretch) => overlap(stretch, window));
      if (dark.length > 0) {
        // Who was in the dark can tell of the rest of the time only.
        const rest = seen.filter((each) => each !== UNTROUBLED).map((each) => `else ${each}`);
        seen.splice(0, seen.length, `no power for ${duration(totalUs(dark))}`, ...rest);
      }
      return `${subject} from ${lane.where}: ${seen.length > 4 ? `${seen.slice(0, 3).join('; ')}; and ${seen.length - 3} more times` : seen.join('; ')}.`;
    });
}

function stretchWords(run: Run, stretch: Stretch, lapses: readonly Lapse[]): string {
  const what = stretch.state === 'down' ? 'failed' : 'gave stale or reduced answers';
  const length = duration(stretch.toUs - stretch.fromUs);
  const until =
    stretch.toUs === run.durationUs
      ? `until the run ended (${length})`
      : `to ${clock(stretch.toUs)} (${length})`;
  const lapse = lapses.find((each) => each.fromUs < stretch.toUs && stretch.toUs < each.toUs);
  const waits =
    lapse?.served === undefined || lapse.toUs - stretch.toUs < FLICKER_US
      ? ''
      : `, and those sent after that waited up to ${duration(lapse.toUs - stretch.toUs)} and succeeded`;
  return `${what} from ${clock(stretch.fromUs)} ${until}${waits}`;
}

/** Whether requests of a lane waited is told by the summary only, as a total. */
function untroubled(run: Run, lane: OperationLane, lapses: readonly Lapse[]): string[] {
  const waitingUs = Math.max(
    0,
    ...run.summary
      .filter(
        (row) =>
          row.system === lane.system &&
          lane.operations.includes(row.operation) &&
          lane.vantages.includes(row.vantage),
      )
      .map((row) => row.waitingUs),
  );
  const ended = lapses.filter((lapse) => lapse.served !== undefined);
  const longestUs = Math.max(0, ...ended.map((lapse) => lapse.toUs - lapse.fromUs));
  if (waitingUs === 0 || longestUs === 0) return [UNTROUBLED];
  return [`none failed, requests waited up to ${duration(Math.min(waitingUs, longestUs))}`];
}

/** What else was down meanwhile, and which systems went on. */
export function others(run: Run, system: string, failing: readonly string[]): string {
  const rest = run.systems
    .map(({ name }) => name)
    .filter((name) => name !== system && !failing.includes(name));
  const parts: string[] = [];
  if (failing.length > 0) parts.push(`down at the same time: ${list(failing)}`);
  if (rest.length > 0) parts.push(`${list(rest)} kept serving`);
  return parts.join('; ');
}
