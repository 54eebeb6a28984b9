/**
 * A RethinkDB store as its clients see it: the auth store of UCP on the managers, and DTR's on its replicas. Any live
 * server takes a request and passes it to the primary; what cannot be served is refused at once (facts/consensus.md
 * 3.19-3.22).
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import type { World } from '../../world/world.ts';
import { LookedUp } from '../looked-up.ts';
import { Offers } from '../offers.ts';
import {
  type Access,
  accessOf,
  better,
  type Change,
  type Group,
  type GroupObserver,
  type Operation,
  type Recovery,
  SERVED,
  type System,
  type Traffic,
} from '../system.ts';
import type { SystemSpec } from '../system-spec.ts';
import { RethinkGroup } from './group.ts';
import type { Member } from './member.ts';

const NOBODY: readonly Member[] = [];

export class RethinkSystem implements System {
  readonly spec: SystemSpec;
  readonly operations: readonly Operation[];
  readonly impact: readonly string[];
  readonly groups: readonly Group[];
  readonly #group: RethinkGroup;
  readonly #world: World;
  readonly #offers: Offers;
  readonly #readPrimaries: LookedUp<readonly Member[]>;
  readonly #trouble: LookedUp<TraceId>;

  constructor(kernel: Kernel, world: World, spec: Extract<SystemSpec, { kind: 'rethink' }>) {
    this.spec = spec;
    this.#world = world;
    this.#group = new RethinkGroup(kernel, world, spec);
    this.groups = [this.#group];
    this.#offers = new Offers(kernel);
    this.#readPrimaries = new LookedUp(kernel, () => this.#group.readPrimaries());
    this.#trouble = new LookedUp(kernel, () => this.#findTrouble());
    this.operations = [
      { name: 'write', deadlineUs: spec.parameters.writeDeadlineUs },
      { name: 'read', deadlineUs: spec.parameters.readDeadlineUs },
    ];
    this.impact = impactOf(spec.members.map((name) => world.node(name).spec.roles));
  }

  get recovery(): Recovery {
    return this.#group.repair;
  }

  get traffic(): readonly Traffic[] {
    this.#group.countTraffic();
    return this.#group.traffic.rows;
  }

  start(): void {
    this.#group.start();
  }

  beginMeasuring(): void {
    this.#group.beginMeasuring();
  }

  observe(observer: GroupObserver): void {
    this.#group.observe(observer);
  }

  changed(): Change {
    return this.#group.changed();
  }

  settle(): void {
    this.#group.settle();
  }

  leaders(): readonly string[] {
    const primary =
      this.#group.servingPrimary() ??
      this.#group.hosts.find((host) => host.server?.executor.primary?.registered === true);
    return primary === undefined ? [] : [primary.node.name];
  }

  access(operation: string, vantage: number): Access {
    const { hosts } = this.#group;
    const offers = this.#offers.of(operation);
    let best: Access | null = null;
    for (let i = 0; i < hosts.length; i++) {
      const server = hosts[i]!;
      if (server.server === null || !this.#world.passable(vantage, server.node.index)) continue;
      const access = (offers[i] ??= this.#accessVia(server, operation));
      best = best === null ? access : better(best, access);
      if (best.outcome === 'served') return best;
    }
    return best ?? accessOf('fails', this.#unreachableCause(vantage));
  }

  /** What a request meets that has reached this server. */
  #accessVia(server: Member, operation: string): Access {
    if (!server.active) return accessOf('fails', this.#trouble.value);
    const serving = this.#group.servingPrimary();
    const primaries =
      operation === 'read' ? this.#readPrimaries.value : serving === null ? NOBODY : [serving];
    for (const primary of primaries) {
      if (!this.#group.exchanges(server, primary)) continue;
      // A primary that has not noticed yet that it is cut off answers, with what it has; meanwhile another may serve.
      if (operation === 'write' || serving === null || primary === serving) return SERVED;
    }
    // `outdated` reads come from any replica's own copy (3.21).
    return accessOf('fails', this.#trouble.value, operation === 'read');
  }

  /** Why the store does not serve, or, when it does, what keeps servers from its primary. */
  #findTrouble(): TraceId {
    const { status } = this.#group;
    const serving = this.#group.servingPrimary();
    if (status.state !== 'serving' || serving === null) return status.cause;
    return this.#group.chronicle.quorumTrouble(serving, this.#group.wire);
  }

  #unreachableCause(vantage: number): TraceId {
    let latest = NO_CAUSE;
    for (const { server, node } of this.#group.hosts) {
      const cause = server !== null ? this.#world.blockCause(vantage, node.index) : node.cause;
      if (cause > latest) latest = cause;
    }
    return latest;
  }
}

/** What users lose with the store (facts/platform.md 5.1, 5.4; DESIGN.md, impact). */
function impactOf(roles: readonly (readonly string[])[]): readonly string[] {
  if (roles.length > 0 && roles.every((of) => of.includes('dtr'))) {
    return [
      'DTR operations: docker login, pull and push end in an internal server error',
      'the health check of every DTR replica fails: a load balancer takes them all out',
    ];
  }
  if (roles.length > 0 && roles.every((of) => of.includes('manager'))) {
    return [
      'UCP operations: nobody can log in, users, teams and grants cannot be read or changed',
      "DTR operations where users are known to UCP's auth service",
    ];
  }
  return ['reads and writes of the store'];
}
