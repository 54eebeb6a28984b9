/**
 * What a member's view of the others is worth: how many it would send requests to, how many of those would answer, and
 * how many would answer if it knew of them. Counted as views and the world change, so that looking costs nothing with
 * ten thousand members; members with the same ways through the network are counted together, as a cell.
 */
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import type { World } from '../../world/world.ts';
import type { GossipMember } from './member.ts';

/** A member's standing: its view agrees with what it can reach; nobody it knows answers; it knows nobody. */
const EXACT = 1;
const DEAF = 2;
const EMPTY = 4;

/** Active members of one zone with the same ways through the network. */
export interface Cell {
  readonly zone: string;
  /** Node index of one of them, for asking about ways. */
  readonly sample: number;
  active: number;
  exact: number;
  deaf: number;
  empty: number;
  /** What made its standing what it is. */
  cause: TraceId;
}

export interface Holdings {
  /** Does this member's view hold entries of the other? */
  knows(member: GossipMember, subject: number): boolean;
  /** Calls `visit` for each member that this view may hold no entries of. */
  forEachDoubtful(member: GossipMember, visit: (subject: number) => void): void;
  /** The latest event about a member's being gone or back. */
  causeOf(subject: number): TraceId;
}

export class Outlook {
  readonly #world: World;
  readonly #members: readonly GossipMember[];
  readonly #holdings: Holdings;
  /** By member: how many others it knows, how many of them answer, how many others would answer. */
  readonly #known: Int32Array;
  readonly #good: Int32Array;
  readonly #reach: Int32Array;
  readonly #standing: Uint8Array;
  #cellOf: Int32Array;
  #cells: Cell[] = [];
  /** Cells that exchange packets, by pair. */
  #open: Uint8Array[] = [];
  /** The cells are no longer those of the world; the counts are no longer those of the views. */
  #cellsStale = true;
  #stale = true;
  /** Changes whenever the cells do. */
  generation = 0;

  /** The generation, another number while the world has changed and nobody has looked. */
  get present(): number {
    return this.#cellsStale ? -1 : this.generation;
  }

  constructor(world: World, members: readonly GossipMember[], holdings: Holdings) {
    this.#world = world;
    this.#members = members;
    this.#holdings = holdings;
    this.#known = new Int32Array(members.length);
    this.#good = new Int32Array(members.length);
    this.#reach = new Int32Array(members.length);
    this.#standing = new Uint8Array(members.length);
    this.#cellOf = new Int32Array(members.length).fill(-1);
  }

  get cells(): readonly Cell[] {
    this.#refresh(NO_CAUSE);
    return this.#cells;
  }

  /** The cells without their standing: may be asked while a view is changing. */
  get ways(): readonly Pick<Cell, 'sample' | 'active'>[] {
    this.#refreshCells();
    return this.#cells;
  }

  /** Nodes or the network have changed: everything is counted anew when somebody looks. */
  worldChanged(cause: TraceId): void {
    this.#stale = this.#cellsStale = true;
    this.#cause = cause;
    this.#world.kernel.touch();
  }
  #cause: TraceId = NO_CAUSE;

  /** A member's view of another has gained or lost its entries. */
  changed(member: number, subject: number, knows: boolean): void {
    if (this.#stale) return;
    const by = knows ? 1 : -1;
    this.#known[member]! += by;
    if (this.#answers(member, subject)) this.#good[member]! += by;
    const cell = this.#restand(member);
    if (cell !== null) this.#note(cell, this.#holdings.causeOf(subject));
  }

  /** A member's whole view is another than before: it has joined. */
  viewChanged(member: GossipMember, cause: TraceId): void {
    if (this.#stale || this.#cellOf[member.index]! < 0) return;
    this.#count(member);
    const cell = this.#restand(member.index);
    if (cell !== null) this.#note(cell, cause);
  }

  /** EXACT, DEAF and EMPTY of one member. */
  standing(member: number): { readonly exact: boolean; readonly deaf: boolean; readonly empty: boolean } {
    this.#refresh(NO_CAUSE);
    const standing = this.#standing[member]!;
    return {
      exact: (standing & EXACT) !== 0,
      deaf: (standing & DEAF) !== 0,
      empty: (standing & EMPTY) !== 0,
    };
  }

  cellOf(member: number): Cell | null {
    this.#refresh(NO_CAUSE);
    const cell = this.#cellOf[member]!;
    return cell < 0 ? null : this.#cells[cell]!;
  }

  /** Would a packet from one member to the other be answered? */
  #answers(member: number, subject: number): boolean {
    const to = this.#cellOf[subject]!;
    return to >= 0 && this.#open[this.#cellOf[member]!]?.[to] === 1;
  }

  /** Counts what a member knows, and what of that answers. */
  #count(member: GossipMember): void {
    const { index } = member;
    let known = this.#members.length - 1;
    let missing = 0;
    this.#holdings.forEachDoubtful(member, (subject) => {
      if (subject === index || this.#holdings.knows(member, subject)) return;
      known--;
      if (this.#answers(index, subject)) missing++;
    });
    this.#known[index] = known;
    this.#good[index] = this.#reach[index]! - missing;
  }

  /** Counts a member's standing anew; returns its cell if that has come to another category. */
  #restand(member: number): Cell | null {
    const cell = this.#cells[this.#cellOf[member]!];
    if (cell === undefined) return null;
    const before = this.#standing[member]!;
    const after = this.#stand(member);
    if (before === after) return null;
    const was = category(cell);
    count(cell, before, -1);
    count(cell, after, 1);
    this.#standing[member] = after;
    return category(cell) === was ? null : cell;
  }

  #note(cell: Cell, cause: TraceId): void {
    cell.cause = cause;
    this.#world.kernel.touch();
  }

  #stand(member: number): number {
    const known = this.#known[member]!;
    const good = this.#good[member]!;
    const alone = this.#members.length === 1;
    return (
      (known === good && good === this.#reach[member]! ? EXACT : 0) |
      (good === 0 && !alone ? DEAF : 0) |
      (known === 0 && !alone ? EMPTY : 0)
    );
  }

  #refresh(cause: TraceId): void {
    if (!this.#stale) return;
    this.#stale = false;
    const why = this.#cause === NO_CAUSE ? cause : this.#cause;
    this.#refreshCells();
    const before = this.#standingBefore;
    const reachOfCell = this.#cells.map((_, from) =>
      this.#cells.reduce((sum, cell, to) => sum + (this.#open[from]![to] === 1 ? cell.active : 0), 0),
    );
    for (const member of this.#members) {
      const { index } = member;
      const cell = this.#cellOf[index]!;
      if (cell < 0) continue;
      // Oneself is not among the others.
      this.#reach[index] = reachOfCell[cell]! - (this.#open[cell]![cell] === 1 ? 1 : 0);
      this.#count(member);
      const standing = this.#stand(index);
      this.#standing[index] = standing;
      count(this.#cells[cell]!, standing, 1);
    }
    for (const cell of this.#cells) cell.cause = before.get(`${cell.zone} ${category(cell)}`) ?? why;
  }

  readonly #standingBefore = new Map<string, TraceId>();

  #refreshCells(): void {
    if (!this.#cellsStale) return;
    this.#cellsStale = false;
    this.generation++;
    this.#standingBefore.clear();
    for (const cell of this.#cells) this.#standingBefore.set(`${cell.zone} ${category(cell)}`, cell.cause);
    this.#findCells();
  }

  #findCells(): void {
    const { network, nodes } = this.#world;
    const byClass = new Map<string, number>();
    this.#cells = [];
    for (const { index, node, active } of this.#members) {
      this.#cellOf[index] = -1;
      if (!active) continue;
      const key = `${network.classOf(node.index)} ${node.zone}`;
      let cell = byClass.get(key);
      if (cell === undefined) {
        byClass.set(key, (cell = this.#cells.length));
        this.#cells.push({
          zone: nodes[node.index]!.zone,
          sample: node.index,
          active: 0,
          exact: 0,
          deaf: 0,
          empty: 0,
          cause: NO_CAUSE,
        });
      }
      this.#cells[cell]!.active++;
      this.#cellOf[index] = cell;
    }
    const second = this.#secondSamples();
    this.#open = this.#cells.map((a, i) =>
      Uint8Array.from(this.#cells, (b, j) =>
        this.#world.passable(a.sample, i === j ? second[i]! : b.sample) ? 1 : 0,
      ),
    );
  }

  /** Of each cell another member than the sample, for the way inside the cell; the sample itself where it is alone. */
  #secondSamples(): number[] {
    const second = this.#cells.map((cell) => cell.sample);
    for (const { index, node } of this.#members) {
      const cell = this.#cellOf[index]!;
      if (cell >= 0 && node.index !== this.#cells[cell]!.sample) second[cell] = node.index;
    }
    return second;
  }
}

function count(cell: Cell, standing: number, by: number): void {
  if ((standing & EXACT) !== 0) cell.exact += by;
  if ((standing & DEAF) !== 0) cell.deaf += by;
  if ((standing & EMPTY) !== 0) cell.empty += by;
}

/** What users of a cell can tell apart: all its members agree with the world or not, some or none of them serve. */
function category(cell: Cell): number {
  return (
    (cell.exact === cell.active ? 1 : 0) |
    (cell.deaf === cell.active ? 2 : cell.deaf > 0 ? 4 : 0) |
    (cell.empty === cell.active ? 8 : cell.empty > 0 ? 16 : 0)
  );
}
