import type { Node } from '../world/node.ts';
import type { FaultBehaviour } from './fault.ts';
import type { FaultEffect } from './fault-spec.ts';
import { layEffects, linkWords, onLinks } from './link-fault.ts';
import { isOrAre } from './words.ts';

/** Packets between two sides vanish silently. */
export const cut: FaultBehaviour<Extract<FaultEffect, { kind: 'cut' }>> = {
  begin: (effect, context) => onLinks(effect, context, { cut: true }),
  title: (effect, names) =>
    effect.direction === 'both'
      ? `the link ${linkWords(effect, names)} is cut`
      : `nothing gets through ${linkWords(effect, names)}`,
};

/** The target and everything else cannot talk. */
export const isolate: FaultBehaviour<Extract<FaultEffect, { kind: 'isolate' }>> = {
  begin: (effect, context) =>
    onLinks({ from: effect.target, to: { kind: 'not', of: effect.target }, direction: 'both' }, context, {
      cut: true,
    }),
  title: (effect, names) => `${names(effect.target)} ${isOrAre(effect.target)} cut off from everything else`,
};

/**
 * Nodes of different groups cannot talk; those in no group form one of their own. The users of a zone go with the group
 * that holds all its nodes; where a zone is torn, its users reach every group.
 */
export const partition: FaultBehaviour<Extract<FaultEffect, { kind: 'partition' }>> = {
  begin(effect, context) {
    const groups = effect.groups.map((group) => new Set(context.select(group)));
    const named = new Set(groups.flatMap((group) => [...group]));
    const { nodes } = context.world;
    const rest = nodes.filter((node) => !node.spec.hidden && !named.has(node));
    if (rest.length > 0) groups.push(new Set(rest));
    for (const users of nodes.filter((node) => node.spec.hidden)) {
      const neighbours = nodes.filter((node) => !node.spec.hidden && node.zone === users.zone);
      groups.find((group) => neighbours.every((node) => group.has(node)))?.add(users);
    }
    const ways = groups.flatMap((from) =>
      groups.filter((to) => to !== from).map((to): [Node[], Node[]] => [[...from], [...to]]),
    );
    return layEffects(ways, context, { cut: true });
  },
  title: (effect, names) =>
    `the network splits: ${[...effect.groups.map(names), ...(effect.groups.length < 2 ? ['the rest'] : [])].join(' | ')}`,
};
