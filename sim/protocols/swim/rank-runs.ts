/**
 * How often the broadcasts of a queue have been sent: a rank for each run of ages (AgedContents), from its beginning up to
 * the beginning of the next one of its class. A rank is 2 * transmissions + class. Ages at which nothing waits any more
 * may belong to any run.
 */

/** Of a rank: its class. */
export const CLASS_MASK = 1;
/** To be added to a rank that a run is to have only when everything has been taken, lest it be taken twice. */
export const LATER = 1 << 20;
/** In place of a rank, with the class: nothing waits in the run. */
const OVER = 1 << 21;

/** Words of a run: the age at which it begins, and its rank. */
const RUN = 2;
const RUNS_MIN = 4;
const NO_RANK = -1;

export class RankRuns {
  count = 0;
  /** Of each class in the order of the ages. */
  words = new Int32Array(0);

  /** A broadcast of that age, newer than all that are there, has the rank. */
  push(age: number, rank: number): void {
    const { words } = this;
    for (let at = RUN * this.count - RUN; at >= 0; at -= RUN) {
      if (((words[at + 1]! ^ rank) & CLASS_MASK) !== 0) continue;
      if (words[at + 1] === rank) return;
      break;
    }
    this.insert(this.count, age, rank);
  }

  /** The lowest rank above another one; LATER when there is none. */
  next(rank: number): number {
    const { words } = this;
    let lowest = LATER;
    for (let at = RUN * this.count - RUN + 1; at > 0; at -= RUN) {
      if (words[at]! > rank && words[at]! < lowest) lowest = words[at]!;
    }
    return lowest;
  }

  /** Of what waits at an age, in that class. */
  rankOf(age: number, inClass: number): number {
    let run = this.count - 1;
    while (this.beginning(run) > age || (this.rank(run) & CLASS_MASK) !== inClass) run--;
    return this.rank(run);
  }

  beginning(run: number): number {
    return this.words[RUN * run]!;
  }

  rank(run: number): number {
    return this.words[RUN * run + 1]!;
  }

  setRank(run: number, rank: number): void {
    this.words[RUN * run + 1] = rank;
  }

  /** Nothing waits in the run any more. */
  end(run: number): void {
    this.words[RUN * run + 1] = OVER | (this.words[RUN * run + 1]! & CLASS_MASK);
  }

  /** Makes a run at a place among the others, which move up. */
  insert(run: number, age: number, rank: number): void {
    if (RUN * this.count === this.words.length) this.#grow();
    const { words } = this;
    const at = RUN * run;
    for (let to = RUN * this.count - 1; to >= at; to--) words[to + RUN] = words[to]!;
    words[at] = age;
    words[at + 1] = rank;
    this.count++;
  }

  /** Everything has been taken: ranks are valid now, and neighbours that have the same one become one run. */
  settle(): void {
    const { words } = this;
    const latest = [NO_RANK, NO_RANK];
    let to = 0;
    for (let at = 0; at < RUN * this.count; at += RUN) {
      const rank = words[at + 1]! & ~LATER;
      if (rank >= OVER || latest[rank & CLASS_MASK] === rank) continue;
      latest[rank & CLASS_MASK] = rank;
      words[to] = words[at]!;
      words[to + 1] = rank;
      to += RUN;
    }
    this.count = to / RUN;
  }

  clear(): void {
    this.count = 0;
  }

  #grow(): void {
    const larger = new Int32Array(Math.max(RUN * RUNS_MIN, 2 * this.words.length));
    larger.set(this.words);
    this.words = larger;
  }
}
