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
  let ended = false;
  const stopped: ActiveFault[] = [];
  for (const node of nodes) {
    if (!node.running) continue;
    context.world.stop(node, context.cause, () => {
      if (!ended) stopped.push(holdNodes([node], context, 'process'));
    });
  }
  const hadEffect = nodes.some((node) => node.running) || stopped.length > 0;
  return {
    nodes,
    hadEffect: () => hadEffect,
    note: nodes.length === 0 ? 'no node was there to be stopped' : 'nothing was running there',
    end(cause: TraceId) {
      ended = true;
      for (const one of stopped) one.end(cause);
    },
  };
}
