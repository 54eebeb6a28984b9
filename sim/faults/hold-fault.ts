/** The common part of faults that lie on nodes as holds. */
import type { Distribution } from '../kernel/distribution.ts';
import type { TraceId } from '../kernel/trace.ts';
import type { Hold, HoldKind, Node } from '../world/node.ts';
import type { ActiveFault, FaultContext } from './fault.ts';

/** Puts one hold on each node; they come off when the fault ends. */
export function holdNodes(
  nodes: readonly Node[],
  context: Pick<FaultContext, 'world' | 'cause'>,
  kind: HoldKind,
  figures: { readonly fsyncUs?: Distribution | null; readonly driftPpm?: number } = {},
): ActiveFault {
  const held = nodes.map((node) => {
    const hold: Hold = {
      kind,
      cause: context.cause,
      fsyncUs: figures.fsyncUs ?? null,
      driftPpm: figures.driftPpm ?? 0,
    };
    return { node, hold, changed: context.world.addHold(node, hold) };
  });
  const { kernel } = context.world;
  let changed = held.some((one) => one.changed);
  const outlasts = () => held.some(({ node, hold }) => node.wasKeptBy(hold, kernel.nowUs));
  const visible = nodes.filter((node) => !node.spec.hidden);
  return {
    nodes: visible,
    hadEffect: () => changed || outlasts(),
    note:
      visible.length === 0
        ? 'no node was there to be hit'
        : `${visible.map((node) => node.name).join(', ')} ${visible.length === 1 ? 'was' : 'were'} in that state already`,
    end(cause: TraceId) {
      changed ||= outlasts();
      for (const { node, hold } of held) context.world.removeHold(node, hold, cause);
    },
  };
}
