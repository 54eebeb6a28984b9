/** What became of nodes that are in no system, from the trace: up, down or frozen. */
import type { Run } from '../../sim/run.ts';
import type { BandSpec } from './chart.ts';

type NodeState = 'up' | 'down' | 'paused';

const STATE_AFTER: Readonly<Record<string, NodeState>> = {
  'node-up': 'up',
  'node-resumed': 'up',
  'node-down': 'down',
  'node-paused': 'paused',
};

const LOOK_OF = { up: 'fine', down: 'gone', paused: 'frozen' } as const;
const LETTER_OF = { up: '', down: 'D', paused: 'Z' } as const;

/** Bands by node, only for nodes whose state changed. */
export function nodeHistories(run: Run): Map<string, BandSpec[]> {
  const changes = new Map<string, { us: number; state: NodeState }[]>();
  for (const { event, node, timeUs } of run.events) {
    const state = STATE_AFTER[event];
    if (state === undefined || node === '') continue;
    const own = changes.get(node) ?? [{ us: 0, state: 'up' as const }];
    changes.set(node, own);
    if (own.at(-1)!.us === timeUs) own.pop();
    if (own.at(-1)?.state !== state) own.push({ us: timeUs, state });
  }
  const histories = new Map<string, BandSpec[]>();
  for (const [node, own] of changes) {
    histories.set(
      node,
      own.map(({ us, state }, i) => ({
        fromUs: us,
        toUs: own[i + 1]?.us ?? run.durationUs,
        look: LOOK_OF[state],
        letter: LETTER_OF[state],
        labels: [],
      })),
    );
  }
  return histories;
}
