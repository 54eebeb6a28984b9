/** Repair crews: whoever asks first is served first, by the first that is free. */
import type { CrewSpec } from './operators-spec.ts';

interface Crew {
  free: number;
  readonly queue: (() => void)[];
}

export class Crews {
  readonly #crews: ReadonlyMap<string, Crew>;

  constructor(specs: readonly CrewSpec[]) {
    this.#crews = new Map(specs.map(({ name, size }) => [name, { free: size, queue: [] }]));
  }

  /** Calls `start` as soon as one of the crew is free: true when that is now. Who was given one must `release` it. */
  request(name: string, start: () => void): boolean {
    const crew = this.#crew(name);
    if (crew.free === 0) {
      crew.queue.push(start);
      return false;
    }
    crew.free--;
    start();
    return true;
  }

  /** The work is done: the next in the queue begins at once. */
  release(name: string): void {
    const crew = this.#crew(name);
    const next = crew.queue.shift();
    if (next === undefined) crew.free++;
    else next();
  }

  /** Takes somebody who waits out of the queue; false when it was not in it. */
  withdraw(name: string, start: () => void): boolean {
    const { queue } = this.#crew(name);
    const at = queue.indexOf(start);
    if (at >= 0) queue.splice(at, 1);
    return at >= 0;
  }

  #crew(name: string): Crew {
    const crew = this.#crews.get(name);
    if (crew === undefined) throw new Error(`no crew is named ${name}`);
    return crew;
  }
}
