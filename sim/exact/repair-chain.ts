/**
 * Components that are not independent, as a Markov chain: they wait for repair crews, first come first served, and a common
 * cause stops the clocks of those it takes. Up times, reactions and repairs are exponential. Trivedi, "Probability and
 * statistics with reliability, queuing and computer science applications" (2001), ch. 8.
 */
import { meanOccupation, type SparseGenerator } from './markov-generator.ts';

export interface ChainComponent {
  /** Failures, calls after a failure and repairs for each unit of time; `callRate` null: at once; `repairRate` null: never. */
  readonly failureRate: number;
  readonly callRate: number | null;
  readonly repairRate: number | null;
  /** Index of its crew; null = it waits for nobody. */
  readonly crew: number | null;
  /** So many that are alike and whose failure takes nothing away but a crew's time. 1 for all others. */
  readonly count: number;
  /** Components that do not fail while this one is down. */
  readonly holds: readonly number[];
}

/** States that are enumerated at most; beyond, sets of many failures at once are left out. */
export const STATES_MAX = 20_000;

/** Where each component of a state stands: how many react, are repaired, and wait, by crew in the order of their calls. */
interface State {
  readonly reacting: readonly number[];
  readonly repairing: readonly number[];
  readonly queues: readonly (readonly number[])[];
}

export interface ChainAnswer {
  /** result[set] = mean share of the time in which exactly these components are down (any of those that count as one). */
  readonly shares: Float64Array;
  /** How often it goes from one set to another for each unit of time, weighted and summed over all pairs. */
  readonly flows: (weight: (from: number, to: number) => number) => number;
  /** Failures at once that were enumerated; fewer than there are components where there would be too many states. */
  readonly deepest: number;
}

/**
 * Mean occupation of each set of failed components over [0, horizon], all up at the beginning. `horizon` null: in the long run.
 *
 * @param crews how many of each crew can work at once
 */
export function chainShares(
  components: readonly ChainComponent[],
  crews: readonly number[],
  horizon: number | null,
): ChainAnswer {
  const { states, generator, deepest } = enumerate(components, crews);
  const occupation = meanOccupation(generator, horizon);
  const shares = new Float64Array(1 << components.length);
  const sets = states.map((state) => setOf(state, components.length));
  sets.forEach((set, s) => {
    shares[set]! += occupation[s]!;
  });
  const flows = (weight: (from: number, to: number) => number) => {
    let sum = 0;
    sets.forEach((set, s) => {
      for (const [to, rate] of generator.rows[s]!) sum += occupation[s]! * rate * weight(set, sets[to]!);
    });
    return sum;
  };
  return { shares, flows, deepest };
}

function enumerate(components: readonly ChainComponent[], crews: readonly number[]) {
  const n = components.reduce((sum, { count }) => sum + count, 0);
  for (let deepest = n; ; deepest--) {
    const found = tryEnumerate(components, crews, deepest);
    if (found !== null) return { ...found, deepest };
    if (deepest <= 1) throw new RangeError('too many components for a chain');
  }
}

function tryEnumerate(
  components: readonly ChainComponent[],
  crews: readonly number[],
  deepest: number,
): { states: State[]; generator: SparseGenerator } | null {
  const none = components.map(() => 0);
  const first: State = { reacting: none, repairing: none, queues: crews.map(() => []) };
  const states = [first];
  const index = new Map([[keyOf(first), 0]]);
  const rows: (readonly [number, number])[][] = [];
  for (let s = 0; s < states.length; s++) {
    const row = new Map<number, number>();
    for (const [next, rate] of successors(states[s]!, components, crews, deepest)) {
      const key = keyOf(next);
      let to = index.get(key);
      if (to === undefined) {
        to = states.length;
        if (to >= STATES_MAX) return null;
        states.push(next);
        index.set(key, to);
      }
      row.set(to, (row.get(to) ?? 0) + rate);
    }
    rows.push([...row]);
  }
  return { states, generator: { rows } };
}

function successors(
  state: State,
  components: readonly ChainComponent[],
  crews: readonly number[],
  deepest: number,
): [State, number][] {
  const result: [State, number][] = [];
  const down = downCounts(state, components.length);
  const total = down.reduce((a, b) => a + b, 0);
  const held = new Set(components.flatMap(({ holds }, i) => (down[i]! > 0 ? holds : [])));
  components.forEach(({ failureRate, callRate, repairRate, crew, count }, i) => {
    const up = count - down[i]!;
    if (up > 0 && failureRate > 0 && !held.has(i) && total < deepest) {
      const failed =
        callRate === null ? called(state, i, crew, crews, components) : withReacting(state, i, 1);
      result.push([failed, up * failureRate]);
    }
    if (state.reacting[i]! > 0) {
      result.push([
        called(withReacting(state, i, -1), i, crew, crews, components),
        state.reacting[i]! * callRate!,
      ]);
    }
    if (state.repairing[i]! > 0 && repairRate !== null) {
      result.push([repaired(state, i, crew), state.repairing[i]! * repairRate]);
    }
  });
  return result;
}

/** The crew is free: at work; else it waits. */
function called(
  state: State,
  i: number,
  crew: number | null,
  crews: readonly number[],
  components: readonly ChainComponent[],
): State {
  const busy =
    crew === null
      ? 0
      : components.reduce((sum, other, j) => (other.crew === crew ? sum + state.repairing[j]! : sum), 0);
  if (crew === null || busy < crews[crew]!) return withRepairing(state, i, 1);
  return {
    ...state,
    queues: state.queues.map((queue, c) => (c === crew ? [...queue, i] : queue)),
  };
}

/** The next in the queue begins at once. */
function repaired(state: State, i: number, crew: number | null): State {
  const done = withRepairing(state, i, -1);
  if (crew === null || done.queues[crew]!.length === 0) return done;
  const [next, ...rest] = done.queues[crew]!;
  return withRepairing(
    { ...done, queues: done.queues.map((queue, c) => (c === crew ? rest : queue)) },
    next!,
    1,
  );
}

function withReacting(state: State, i: number, change: number): State {
  return { ...state, reacting: state.reacting.map((count, j) => (j === i ? count + change : count)) };
}

function withRepairing(state: State, i: number, change: number): State {
  return { ...state, repairing: state.repairing.map((count, j) => (j === i ? count + change : count)) };
}

function downCounts({ reacting, repairing, queues }: State, n: number): number[] {
  const counts = Array.from({ length: n }, (_, i) => reacting[i]! + repairing[i]!);
  for (const queue of queues) for (const i of queue) counts[i]!++;
  return counts;
}

function setOf(state: State, n: number): number {
  return downCounts(state, n).reduce((set, count, i) => (count > 0 ? set | (1 << i) : set), 0);
}

function keyOf({ reacting, repairing, queues }: State): string {
  return `${reacting.join()};${repairing.join()};${queues.map((queue) => queue.join('.')).join('|')}`;
}
