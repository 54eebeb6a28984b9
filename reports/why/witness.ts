/** What the trace says about a node at a time: up, down, frozen, waiting for its disk. */
import type { TraceEvent } from '../../sim/kernel/trace.ts';
import type { Run } from '../../sim/run.ts';

/** What may be wrong with a node, worst first: the word, the event that begins it and those that end it. */
const CONDITIONS: readonly (readonly [word: string, begins: string, ends: readonly string[]])[] = [
  ['down', 'node-down', ['node-up']],
  ['frozen', 'node-paused', ['node-resumed', 'node-down']],
  ['waiting for a stuck disk', 'disk-stalled', ['disk-slow', 'disk-normal']],
];

export class Witness {
  readonly #byNode = new Map<string, TraceEvent[]>();

  constructor(run: Run) {
    for (const event of run.events) {
      if (event.system !== '' || event.node === '') continue;
      const own = this.#byNode.get(event.node);
      if (own === undefined) this.#byNode.set(event.node, [event]);
      else own.push(event);
    }
  }

  /** When it went down, if it is down at that time; infinity otherwise. */
  downSince(node: string, atUs: number): number {
    const last = this.#byNode
      .get(node)
      ?.findLast((event) => event.timeUs <= atUs && /^node-(down|up)$/.test(event.event));
    return last?.event === 'node-down' ? last.timeUs : Number.POSITIVE_INFINITY;
  }

  /** `down`, `frozen`, ...; '' for a node that works. */
  conditionOf(node: string, atUs: number): string {
    const past = this.#byNode.get(node)?.filter((event) => event.timeUs <= atUs) ?? [];
    for (const [word, begins, ends] of CONDITIONS) {
      const last = past.findLast((event) => event.event === begins || ends.includes(event.event));
      if (last?.event === begins) return word;
    }
    return '';
  }
}
