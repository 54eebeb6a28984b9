/** The common part of faults that lie on the network as effects. */
import type { TraceId } from '../kernel/trace.ts';
import type { LinkEffect } from '../world/network.ts';
import type { Node } from '../world/node.ts';
import type { ActiveFault, FaultContext } from './fault.ts';
import type { LinkTarget, NodeSelector } from './fault-spec.ts';

type Figures = Partial<
  Pick<LinkEffect, 'both' | 'cut' | 'loss' | 'multiply' | 'jitterUs' | 'bandwidthBitsPerSecond'>
>;

export interface LinkFault extends ActiveFault {
  readonly effects: readonly LinkEffect[];
}

/** Lays an effect on the messages between two sides, one way or both. */
export function onLinks(target: LinkTarget, context: FaultContext, figures: Figures): LinkFault {
  const from = context.select(target.from, true);
  const to = context.select(target.to, true);
  return layEffects([[from, to]], context, { ...figures, both: target.direction === 'both' });
}

/** Lays an effect on the messages of each pair of sides, in the direction given. */
export function layEffects(
  ways: readonly (readonly [Node[], Node[]])[],
  context: FaultContext,
  figures: Figures,
): LinkFault {
  const effects = ways.map(
    ([from, to]): LinkEffect => ({
      cause: context.cause,
      from: new Set(from.map((node) => node.index)),
      to: new Set(to.map((node) => node.index)),
      cut: false,
      loss: 0,
      multiply: 1,
      addUs: 0,
      jitterUs: 0,
      bandwidthBitsPerSecond: Number.POSITIVE_INFINITY,
      felt: 0,
      ...figures,
    }),
  );
  for (const effect of effects) context.world.addEffect(effect);
  const touched = new Set(ways.flat(2).filter((node) => !node.spec.hidden));
  return {
    effects,
    nodes: [...touched],
    hadEffect: () => effects.some((effect) => effect.felt > 0),
    note: 'no message of any system was on those links meanwhile',
    end(cause: TraceId) {
      for (const effect of effects) context.world.removeEffect(effect, cause);
    },
  };
}

/** "between us-west/a and us-west/b", "from m1 to m2", "among every manager". */
export function linkWords(target: LinkTarget, names: (selector: NodeSelector) => string): string {
  const [from, to] = [names(target.from), names(target.to)];
  if (from === to) return `among ${from}`;
  return target.direction === 'both' ? `between ${from} and ${to}` : `from ${from} to ${to}`;
}
