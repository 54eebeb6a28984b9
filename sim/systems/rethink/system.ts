/**
 * A RethinkDB store as its clients see it: the auth store of UCP on the managers, and DTR's on its replicas. Any live
 * server takes a request and passes it to the primary; what cannot be served is refused at once (facts/consensus.md
 * 3.19-3.22).
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import type { World } from '../../world/world.ts';
import {
  type Access,
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

export class RethinkSystem implements System {
  readonly spec: SystemSpec;
  readonly operations: readonly Operation[];
  readonly impact: readonly string[];
  readonly groups: readonly Group[];
  readonly #group: RethinkGroup;
  readonly #world: World;

  constructor(kernel: Kernel, world: World, spec: Extract<SystemSpec, { kind: 'rethink' }>) {
    this.spec = spec;
    this.#world = world;
    this.#group = new RethinkGroup(kernel, world, spec);
    this.groups = [this.#group];
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
    const serving = this.#group.servingPrimary();
    const primaries = operation === 'read' ? this.#group.readPrimaries() : serving === null ? [] : [serving];
    let best: Access | null = null;
    for (const server of this.#group.hosts) {
      if (server.server === null || !this.#world.passable(vantage, server.node.index)) continue;
      const access = this.#accessVia(server, operation, primaries, serving);
      best = best === null ? access : better(best, access);
      if (best.outcome === 'served') return best;
    }
    return best ?? { outcome: 'fails', stale: false, cause: this.#unreachableCause(vantage) };
  }

  /** What a request meets that has reached this server. */
  #accessVia(
    server: Member,
    operation: string,
    primaries: readonly Member[],
    serving: Member | null,
  ): Access {
    if (!server.active) return { outcome: 'fails', stale: false, cause: this.#trouble() };
    for (const primary of primaries) {
      if (!this.#group.exchanges(server, primary)) continue;
      // A primary that has not noticed yet that it is cut off answers, with what it has; meanwhile another may serve.
      if (operation === 'write' || serving === null || primary === serving) return SERVED;
    }
    // `outdated` reads come from any replica's own copy (3.21).
    return { outcome: 'fails', stale: operation === 'read', cause: this.#trouble() };
  }

  /** Why the store does not serve, or, when it does, what keeps servers from its primary. */
  #trouble(): TraceId {
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
