/**
 * Gossip as its users meet it: names and requests over the overlay. It has no leader and no quorum, hence no groups in
 * the sense of the other systems, and no failovers: each member serves by its own view.
 *
 * Both operations are about a service with a task on every member. `resolve` asks a member for the service's other tasks,
 * `request` sends to one of them, in turn, as IPVS does. From a zone the members there are asked, from elsewhere all that
 * can be reached; a member that is a vantage asks itself.
 *
 * - up: the view of everyone asked holds exactly the members it can reach.
 * - degraded: some views hold members that do not answer (a share of the requests ends in a black hole), or lack some
 *   that would.
 * - down: nobody can be asked; `resolve`: nobody asked knows a task; `request`: nobody asked knows one that answers.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import type { World } from '../../world/world.ts';
import type { ParkingReport } from '../parking.ts';
import {
  type Access,
  accessOf,
  type GroupObserver,
  type Operation,
  SERVED,
  type System,
  type Traffic,
} from '../system.ts';
import type { SystemSpec } from '../system-spec.ts';
import { GossipGroup } from './group.ts';
import type { Cell } from './outlook.ts';

export class GossipSystem implements System {
  readonly spec: SystemSpec;
  readonly operations: readonly Operation[];
  readonly impact = [
    'the overlay: names of services, ingress and the routing mesh, load balancing over the tasks',
  ];
  readonly groups = [];
  readonly group: GossipGroup;
  readonly #kernel: Kernel;
  readonly #world: World;

  constructor(kernel: Kernel, world: World, spec: Extract<SystemSpec, { kind: 'gossip' }>) {
    this.spec = spec;
    this.#kernel = kernel;
    this.#world = world;
    this.group = new GossipGroup(kernel, world, spec, spec.parameters);
    this.operations = [
      { name: 'resolve', deadlineUs: spec.parameters.resolveDeadlineUs },
      { name: 'request', deadlineUs: spec.parameters.requestDeadlineUs },
    ];
  }

  get traffic(): readonly Traffic[] {
    return this.group.traffic.rows;
  }

  start(): void {
    this.group.start();
  }

  beginMeasuring(): void {
    this.group.beginMeasuring();
  }

  catchUp(): void {
    this.group.parker.wake();
  }

  get parking(): readonly ParkingReport[] {
    return this.#kernel.parking ? [this.group.parker.tally.report()] : [];
  }

  /** There is nothing to observe: no campaigns, no leaders. */
  observe(_observer: GroupObserver): void {}

  settle(): void {}

  leaders(): readonly string[] {
    return [];
  }

  access(operation: string, vantage: number): Access {
    const member = this.group.memberOn(vantage);
    const { outlook } = this.group;
    if (member !== undefined) {
      const cell = outlook.cellOf(member.index);
      if (cell === null) return failed(false, member.node.cause);
      const { exact, deaf, empty } = outlook.standing(member.index);
      return judge(exact, operation === 'resolve' ? empty : deaf, cell.cause);
    }
    const within = (cell: Cell) => this.#world.passable(vantage, cell.sample);
    const { zone } = this.#world.nodes[vantage]!;
    let cells = outlook.cells.filter((cell) => cell.zone === zone && within(cell));
    if (cells.length === 0) cells = outlook.cells.filter(within);
    if (cells.length === 0) return failed(false, this.#unreachableCause(vantage));
    const down = (cell: Cell) => (operation === 'resolve' ? cell.empty : cell.deaf);
    const cause = cells.reduce<TraceId>(
      (latest, cell) => (cell.exact < cell.active ? Math.max(latest, cell.cause) : latest),
      NO_CAUSE,
    );
    return judge(
      cells.every((cell) => cell.exact === cell.active && down(cell) === 0),
      cells.every((cell) => down(cell) === cell.active),
      cause,
    );
  }

  #unreachableCause(vantage: number): TraceId {
    let latest = NO_CAUSE;
    for (const { node, active } of this.group.members) {
      const cause = active ? this.#world.blockCause(vantage, node.index) : node.cause;
      if (cause > latest) latest = cause;
    }
    return latest;
  }
}

function judge(whole: boolean, none: boolean, cause: TraceId): Access {
  if (none) return failed(false, cause);
  return whole ? SERVED : failed(true, cause);
}

/** `degraded`: the request may be lost, another one may not. */
function failed(degraded: boolean, cause: TraceId): Access {
  return accessOf('fails', cause, degraded);
}
