/**
 * The failures of one cycle: from the first failure, with everything up, until everything is up again. Drawn so that
 * failures pile up far more often than they do, with the weight that makes up for it.
 *
 * Forcing (Lewis and Boehm, IEEE Trans. Reliability 33, 1984) with balanced failure biasing (Shahabuddin, Management
 * Science 40, 1994): before each end of a repair another failure comes with a fixed chance instead of its own. Whatever the
 * distribution of repairs, each choice multiplies the weight by at most a constant.
 */
import type { LifeProcess } from '../../faults/life.ts';
import type { CrewSpec } from '../../faults/operators-spec.ts';
import { type Distribution, quantile } from '../../kernel/distribution.ts';
import { exp, log1p } from '../../kernel/portable-math.ts';
import { RandomStream, type Seed } from '../../kernel/streams.ts';

/** A process whose up time is exponential and which is repaired. */
export interface CyclicProcess extends LifeProcess {
  readonly up: Extract<Distribution, { kind: 'exponential' }>;
  readonly repair: Distribution;
}

export interface CycleFailure {
  readonly process: number;
  /** Microseconds from the first failure. */
  readonly fromUs: number;
  readonly toUs: number;
}

export interface Cycle {
  readonly failures: readonly CycleFailure[];
  /** From the first failure to the last repair. */
  readonly lengthUs: number;
  /** How much more (or less) often this cycle comes by itself than it is drawn. */
  readonly weight: number;
}

/** Chance of another failure before the next end of a repair, while it is forced. */
const FORCED = 0.5;
/** After so many failures in a cycle nothing is forced any more. */
const FORCED_FAILURES_MAX = 12;

interface Down {
  readonly process: number;
  readonly fromUs: number;
  /** When it is called for, and when it is over; Infinity while it waits for a crew. */
  callUs: number;
  endUs: number;
  readonly repairUs: number;
}

/**
 * @param isGoal whether nothing more need fail: from then on the cycle goes its own way
 */
export function drawCycle(
  processes: readonly CyclicProcess[],
  crews: readonly CrewSpec[],
  seed: Seed,
  isGoal: (down: ReadonlySet<number>) => boolean,
): Cycle {
  return new CycleDraw(processes, crews, new RandomStream(seed, 'rare/cycle'), isGoal).whole();
}

class CycleDraw {
  readonly #processes: readonly CyclicProcess[];
  readonly #free: Map<string, number>;
  readonly #stream: RandomStream;
  readonly #isGoal: (down: ReadonlySet<number>) => boolean;
  readonly #failures: CycleFailure[] = [];
  readonly #down = new Map<number, Down>();
  readonly #queues = new Map<string, Down[]>();
  #draws = 0;
  #weight = 1;
  #nowUs = 0;
  #reached = false;

  constructor(
    processes: readonly CyclicProcess[],
    crews: readonly CrewSpec[],
    stream: RandomStream,
    isGoal: (down: ReadonlySet<number>) => boolean,
  ) {
    this.#processes = processes;
    this.#free = new Map(crews.map(({ name, size }) => [name, size]));
    this.#stream = stream;
    this.#isGoal = isGoal;
  }

  whole(): Cycle {
    this.#fail(this.#pick(this.#able(), true));
    while (this.#down.size > 0) this.#step();
    return { failures: this.#failures, lengthUs: this.#nowUs, weight: this.#weight };
  }

  /** On to the next failure, call or end of a repair. */
  #step(): void {
    const [nextUs, next] = this.#nextEvent();
    const spanUs = nextUs - this.#nowUs;
    const able = this.#able();
    const rate = able.reduce((sum, i) => sum + this.#rate(i), 0);
    const stays = exp(-rate * spanUs);
    const forced = !this.#reached && this.#failures.length < FORCED_FAILURES_MAX && rate > 0 && spanUs > 0;
    const chance = forced ? FORCED : 1 - stays;
    if (this.#uniform() < chance) {
      const within = 1 - stays;
      if (forced) this.#weight *= within / chance;
      // Exponential, given that it comes before the next event.
      this.#nowUs += Math.min(spanUs, -log1p(-this.#uniform() * within) / rate);
      this.#fail(this.#pick(able, forced));
      return;
    }
    if (forced) this.#weight *= stays / (1 - chance);
    this.#nowUs = nextUs;
    if (next.callUs <= nextUs && next.endUs === Number.POSITIVE_INFINITY) this.#call(next);
    else this.#end(next);
  }

  #nextEvent(): [number, Down] {
    let best: Down | undefined;
    let bestUs = Number.POSITIVE_INFINITY;
    for (const down of this.#down.values()) {
      const atUs = Math.min(down.callUs, down.endUs);
      if (best === undefined || atUs < bestUs) {
        best = down;
        bestUs = atUs;
      }
    }
    return [bestUs, best!];
  }

  /** Up, and not held by a common cause. */
  #able(): number[] {
    const held = (i: number) =>
      [...this.#down.keys()].some((group) => {
        const { members, fault } = this.#processes[group]!;
        const own = this.#processes[i]!;
        return own.fault === fault && own.members.length === 0 && members.includes(own.entity);
      });
    return this.#processes.map((_, i) => i).filter((i) => !this.#down.has(i) && !held(i));
  }

  /** By the rates, or half by them and half evenly, so that what seldom fails has its turn. */
  #pick(able: readonly number[], balanced: boolean): number {
    const total = able.reduce((sum, i) => sum + this.#rate(i), 0);
    const chance = (i: number) =>
      balanced ? this.#rate(i) / total / 2 + 1 / able.length / 2 : this.#rate(i) / total;
    let left = this.#uniform();
    let chosen = able.at(-1)!;
    for (const i of able) {
      left -= chance(i);
      if (left < 0) {
        chosen = i;
        break;
      }
    }
    this.#weight *= this.#rate(chosen) / total / chance(chosen);
    return chosen;
  }

  #fail(process: number): void {
    const { reaction, repair } = this.#processes[process]!;
    const reactionUs = reaction === null ? 0 : Math.max(0, quantile(reaction, this.#uniform()));
    const repairUs = Math.max(1, quantile(repair, this.#uniform()));
    const down: Down = {
      process,
      fromUs: this.#nowUs,
      callUs: this.#nowUs + reactionUs,
      endUs: Number.POSITIVE_INFINITY,
      repairUs,
    };
    this.#down.set(process, down);
    this.#failures.push({ process, fromUs: this.#nowUs, toUs: Number.POSITIVE_INFINITY });
    if (reactionUs === 0) this.#call(down);
    this.#reached ||= this.#isGoal(new Set(this.#down.keys()));
  }

  #call(down: Down): void {
    down.callUs = Number.POSITIVE_INFINITY;
    const { crew } = this.#processes[down.process]!;
    const free = crew === null ? 1 : (this.#free.get(crew) ?? 0);
    if (free === 0) {
      this.#queues.set(crew!, [...(this.#queues.get(crew!) ?? []), down]);
      return;
    }
    if (crew !== null) this.#free.set(crew, free - 1);
    down.endUs = this.#nowUs + down.repairUs;
  }

  #end(down: Down): void {
    this.#down.delete(down.process);
    const at = this.#failures.findIndex(
      ({ process, toUs }) => process === down.process && toUs === Number.POSITIVE_INFINITY,
    );
    this.#failures[at] = { ...this.#failures[at]!, toUs: this.#nowUs };
    const { crew } = this.#processes[down.process]!;
    if (crew === null) return;
    const [next, ...rest] = this.#queues.get(crew) ?? [];
    this.#queues.set(crew, rest);
    if (next === undefined) this.#free.set(crew, this.#free.get(crew)! + 1);
    else next.endUs = this.#nowUs + next.repairUs;
  }

  #rate(i: number): number {
    return 1 / this.#processes[i]!.up.mean;
  }

  #uniform(): number {
    return this.#stream.uniform(this.#draws++);
  }
}
