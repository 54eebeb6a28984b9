/**
 * Availability of each operation from each vantage, exactly: between two events nothing changes, so the state is
 * piecewise constant and is integrated, not sampled (DESIGN.md rule 5).
 *
 * An operation is `up` where a request sent then is served, or waits and is served within its deadline; `degraded`
 * where only a stale or local answer is to be had; else `down`. What a waiting request comes to is known once the run
 * is over.
 */
import type { Kernel } from '../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import type { AvailabilityInterval, OperationState } from '../run.ts';
import { type Access, ANYONE, accessOf, better, type System } from '../systems/system.ts';
import type { VantagePoint } from './vantage.ts';

type Segment = Access & { readonly fromUs: number };

/** An operation of a system, and what was met of it from each vantage. */
interface Ways {
  readonly system: System;
  /** Its place among the systems. */
  readonly index: number;
  readonly operation: string;
  readonly deadlineUs: number;
  readonly tracks: readonly Track[];
  /** Of its processes by operators, as far as they are known here. */
  restarts: number;
}

interface Track {
  readonly vantage: VantagePoint;
  readonly segments: Segment[];
  /** What was met last. */
  access: Access | null;
}

const NOWHERE = accessOf('fails', NO_CAUSE);

export class AvailabilityMeter {
  readonly #kernel: Kernel;
  readonly #ways: readonly Ways[];
  /** What is met from a node (by index) at the present look; valid where `#seenAt` names it. */
  readonly #seen: Access[] = [];
  readonly #seenAt: number[] = [];
  #look = 0;

  constructor(kernel: Kernel, systems: readonly System[], vantages: readonly VantagePoint[]) {
    this.#kernel = kernel;
    this.#ways = systems.flatMap((system, index) =>
      system.operations.map(({ name, deadlineUs }) => ({
        system,
        index,
        operation: name,
        deadlineUs,
        tracks: vantages.map((vantage) => ({ vantage, segments: [], access: null })),
        restarts: 0,
      })),
    );
  }

  /** Looks at every operation of the systems that are concerned (by index), from every vantage, when an instant has settled. */
  settle(isConcerned: ((system: number) => boolean) | null = null): void {
    for (const ways of this.#ways) {
      if (isConcerned !== null && !isConcerned(ways.index)) continue;
      this.#look++;
      const restarts = ways.system.recovery?.restarts ?? 0;
      if (restarts !== ways.restarts) this.#loseWaiting(ways, restarts);
      for (const track of ways.tracks) {
        const access = this.#best(ways, track.vantage.nodes);
        if (access === track.access || (track.access !== null && isSame(track.access, access))) continue;
        track.access = access;
        const { outcome, stale, bond, refused } = access;
        const cause = outcome === 'served' ? this.#latestEvent() : access.cause;
        track.segments.push({ outcome, stale, bond, refused, cause, fromUs: this.#kernel.nowUs });
      }
    }
  }

  /** For an instant nothing runs that could keep what it was sent. */
  #loseWaiting(ways: Ways, restarts: number): void {
    ways.restarts = restarts;
    for (const track of ways.tracks) {
      track.access = null;
      track.segments.push({ ...NOWHERE, fromUs: this.#kernel.nowUs });
    }
  }

  /** The best that any of a vantage's places offers. */
  #best({ system, operation }: Ways, nodes: readonly number[]): Access {
    let best: Access | null = null;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      if (this.#seenAt[node] !== this.#look) {
        this.#seen[node] = system.access(operation, node);
        this.#seenAt[node] = this.#look;
      }
      const access = this.#seen[node]!;
      best = best === null ? access : better(best, access);
      if (best.outcome === 'served') break;
    }
    return best ?? NOWHERE;
  }

  /** What brought the service back: the last event of this instant. */
  #latestEvent(): TraceId {
    const last = this.#kernel.trace.events.at(-1);
    return last !== undefined && last.timeUs === this.#kernel.nowUs ? last.id : NO_CAUSE;
  }

  intervals(endUs: number): AvailabilityInterval[] {
    return this.#ways.flatMap((ways) => ways.tracks.flatMap((track) => resolve(ways, track, endUs)));
  }
}

function isSame(a: Access, b: Access): boolean {
  return a.outcome === b.outcome && a.stale === b.stale && a.bond === b.bond && a.refused === b.refused;
}

/** Turns what requests met into what became of them. */
function resolve(
  { system, operation, deadlineUs }: Ways,
  track: Track,
  endUs: number,
): AvailabilityInterval[] {
  const parts: { fromUs: number; toUs: number; state: OperationState; waits: boolean; cause: TraceId }[] = [];
  let toUs = endUs;
  /** From when on a request that waits then is served: by anyone, and by each server in particular. */
  let nextServedUs = Number.POSITIVE_INFINITY;
  const nextServedBy = new Map<number, number>();
  for (let i = track.segments.length - 1; i >= 0; i--) {
    const { fromUs, outcome, stale, bond, refused, cause } = track.segments[i]!;
    const unserved: OperationState = stale ? 'degraded' : 'down';
    if (outcome === 'served') {
      parts.push({ fromUs, toUs, state: 'up', waits: false, cause });
      nextServedUs = fromUs;
      nextServedBy.set(bond, fromUs);
    } else if (outcome === 'fails') {
      parts.push({ fromUs, toUs, state: unserved, waits: false, cause });
      if (!refused) {
        nextServedUs = Number.POSITIVE_INFINITY;
        nextServedBy.clear();
      }
    } else {
      const servedUs = bond === ANYONE ? nextServedUs : (nextServedBy.get(bond) ?? Number.POSITIVE_INFINITY);
      const patientFromUs = Math.min(toUs, Math.max(fromUs, servedUs - deadlineUs));
      if (patientFromUs < toUs) parts.push({ fromUs: patientFromUs, toUs, state: 'up', waits: true, cause });
      if (fromUs < patientFromUs)
        parts.push({ fromUs, toUs: patientFromUs, state: unserved, waits: false, cause });
    }
    toUs = fromUs;
  }
  const merged: (AvailabilityInterval & { toUs: number })[] = [];
  for (const part of parts.reverse()) {
    if (part.fromUs >= part.toUs) continue;
    const last = merged.at(-1);
    if (last !== undefined && last.state === part.state && last.waits === part.waits) {
      last.toUs = part.toUs;
    } else {
      merged.push({
        system: system.spec.name,
        operation,
        vantage: track.vantage.name,
        fromUs: part.fromUs,
        toUs: part.toUs,
        state: part.state,
        waits: part.waits,
        cause: part.cause,
      });
    }
  }
  return merged;
}
