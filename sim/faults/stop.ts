import type { TraceId } from '../kernel/trace.ts';
import type { Node } from '../world/node.ts';
import type { ActiveFault, FaultBehaviour, FaultContext } from './fault.ts';
import type { FaultEffect } from './fault-spec.ts';
import { holdNodes } from './hold-fault.ts';
import { isOrAre } from './words.ts';

/** An orderly shutdown: a leader hands over first where its product does so, then the processes end. */
export const stop: FaultBehaviour<Extract<FaultEffect, { kind: 'stop' }>> = {
  begin: (effect, context) => stopNodes(context.select(effect.target), context),
  title: (effect, names) => `${names(effect.target)} ${isOrAre(effect.target)} stopped in good order`,
};

/** An orderly shutdown, and a start when the fault ends. */
export const restart: FaultBehaviour<Extract<FaultEffect, { kind: 'restart' }>> = {
  begin: (effect, context) => stopNodes(context.select(effect.target), context),
  title: (effect, names) => `${names(effect.target)} ${isOrAre(effect.target)} restarted`,
};

function stopNodes(nodes: readonly Node[], context: FaultContext): ActiveFault {
  const stopped = nodes.filter((node) => node.running).map((node) => stopNode(node, context));
  const hadEffect = stopped.length > 0;
  return {
    nodes,
    hadEffect: () => hadEffect,
    note: nodes.length === 0 ? 'no node was there to be stopped' : 'nothing was running there',
    end(cause: TraceId) {
      for (const one of stopped) one.end(cause);
    },
  };
}

/** Asks one running node to stop; it goes down when its systems let it go, unless that is ended before. */
export function stopNode(
  node: Node,
  { world, cause }: Pick<FaultContext, 'world' | 'cause'>,
): Pick<ActiveFault, 'end'> {
  let ended = false;
  let held: ActiveFault | null = null;
  world.stop(node, cause, () => {
    if (!ended) held = holdNodes([node], { world, cause }, 'process');
  });
  return {
    end(endCause: TraceId) {
      ended = true;
      held?.end(endCause);
    },
  };
}
