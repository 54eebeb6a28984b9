/** The marks of single members: what each was, in each system, with terms where it led. */
import type { MemberInterval } from '../../sim/run.ts';
import { MEMBER_WORDS, memberLetter } from '../findings/marks.ts';
import { groupBy } from '../grouping.ts';
import type { BandSpec } from './chart.ts';
import type { LegendEntry } from './legend.ts';
import type { Look } from './theme.ts';

const LOOK_OF: Readonly<Record<MemberInterval['state'], Look>> = {
  leader: 'lead',
  primary: 'lead',
  follower: 'fine',
  secondary: 'fine',
  candidate: 'elect',
  'pre-candidate': 'elect',
  learner: 'learner',
  paused: 'frozen',
  stalled: 'stalled',
  down: 'gone',
};

/** By node: its intervals in each group of each system, in the order in which these first appear. */
export function memberLanes(members: readonly MemberInterval[]): Map<string, MemberInterval[][]> {
  const lanes = new Map<string, MemberInterval[][]>();
  // Names one by one: a key made of three would be a text for each of fifty thousand intervals.
  for (const [node, ofNode] of groupBy(members, (each) => each.node)) {
    const ofSystems = [...groupBy(ofNode, (each) => each.system).values()];
    lanes.set(
      node,
      ofSystems.flatMap((ofSystem) => [...groupBy(ofSystem, (each) => each.group).values()]),
    );
  }
  return lanes;
}

/** Bands of one member; terms are told only where it leads, so that a lonely candidate's are one band. */
export function* memberBands(intervals: readonly MemberInterval[]): Generator<BandSpec, void, void> {
  for (const interval of intervals) {
    const { fromUs, toUs, state, term } = interval;
    const letter = memberLetter(interval);
    const cut = interval.cutOff && state !== 'down';
    const look = cut ? 'cut' : LOOK_OF[state];
    const labels = look === 'lead' ? [`${state}, term ${term}`, `${letter} ${term}`] : UNLABELLED;
    yield { fromUs, toUs, look, letter: cut ? letter.toLowerCase() : letter, labels };
  }
}

const UNLABELLED: readonly string[] = [];

/** Entries for the letters that occur. */
export function memberLegend(members: readonly MemberInterval[]): LegendEntry[] {
  const letters = new Map<string, Look>();
  let anyCut = false;
  for (const interval of members) {
    if (interval.cutOff && interval.state !== 'down') anyCut = true;
    else letters.set(memberLetter(interval), LOOK_OF[interval.state]);
  }
  const entries: LegendEntry[] = Object.entries(MEMBER_WORDS)
    .filter(([letter]) => letters.has(letter))
    .map(([letter, words]) => ({
      look: letters.get(letter)!,
      letter,
      words: words.replace(/[:,] .*| \(.*/, ''),
    }));
  if (anyCut) entries.push({ look: 'cut', letter: 'f', words: 'cut off from leader or quorum' });
  return entries;
}
