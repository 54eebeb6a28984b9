/** The selecting of one occurrence of a fault: one draw for each `any`, and which nodes its moving targets have come to mean. */
import type { System } from '../systems/system.ts';
import type { Node } from '../world/node.ts';
import type { World } from '../world/world.ts';
import type { NodeSelector } from './fault-spec.ts';
import { type Draws, select } from './selector.ts';

export class Selection {
  readonly #world: World;
  readonly #systems: readonly System[];
  readonly #pick: (n: number) => number;
  readonly #draws: Draws = new Map();
  /** Of selectors that choose, and of those that leave out what another one has drawn. */
  readonly #chosen = new Set<Node>();
  readonly #left = new Set<Node>();

  /** `pick(n)`: an integer in [0, n), another draw at each call. */
  constructor(world: World, systems: readonly System[], pick: (n: number) => number) {
    this.#world = world;
    this.#systems = systems;
    this.#pick = pick;
  }

  select(selector: NodeSelector, users: boolean): Node[] {
    const nodes = select(selector, this.#world, this.#systems, this.#pick, this.#draws).filter(
      (node) => users || !node.spec.hidden,
    );
    const named = chooses(selector) ? this.#chosen : containsDraw(selector) ? this.#left : null;
    if (named !== null) for (const node of nodes) if (!node.spec.hidden) named.add(node);
    return nodes;
  }

  /** Which nodes were meant by words that do not tell: the chosen ones, or all that a draw has left. */
  get named(): string[] {
    const named = this.#chosen.size > 0 ? this.#chosen : this.#left;
    return [...named].map((node) => node.name);
  }
}

/** Does the selector mean nodes that its words do not tell? */
function chooses(selector: NodeSelector): boolean {
  switch (selector.kind) {
    case 'any':
    case 'majority':
    case 'minority':
    case 'followers':
      return true;
    case 'union':
      return selector.of.some(chooses);
    case 'intersection':
      return selector.of.every((part) => part.kind !== 'not') && selector.of.some(chooses);
    default:
      return false;
  }
}

function containsDraw(selector: NodeSelector): boolean {
  if (selector.kind === 'union' || selector.kind === 'intersection') return selector.of.some(containsDraw);
  return selector.kind === 'not' ? containsDraw(selector.of) : chooses(selector);
}
