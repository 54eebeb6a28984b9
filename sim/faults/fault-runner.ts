/** Brings faults about: when the scenario says so, after one another, again and again, or by chance. */
import { quantile } from '../kernel/distribution.ts';
import type { Kernel, Stream } from '../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import type { FaultReport } from '../run.ts';
import type { System } from '../systems/system.ts';
import type { Node } from '../world/node.ts';
import type { World } from '../world/world.ts';
import type { ActiveFault, FaultContext } from './fault.ts';
import type { FaultEffect, FaultSpec, NodeSelector } from './fault-spec.ts';
import { beginFault, faultTitle } from './kinds.ts';
import { select } from './selector.ts';
import { selectorWords } from './words.ts';

const INTERVAL_LANE = 0;
const DURATION_LANE = 1;
const FIRST_PICK_LANE = 2;

/** One fault of the scenario, over all the times it happens. */
interface Plan {
  readonly spec: FaultSpec;
  readonly index: number;
  readonly stream: Stream;
  /** Events so far on its stream, and times it has begun. */
  events: number;
  occurrences: number;
}

interface Occurrence {
  readonly plan: Plan;
  readonly number: number;
  readonly fromUs: number;
  readonly event: TraceId;
  readonly title: string;
  readonly fault: ActiveFault;
  toUs: number | null;
}

/** Places keep their users when a fault is about processes; only outages and the network reach users. */
export class FaultRunner {
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #plans: readonly Plan[];
  readonly #occurrences: Occurrence[] = [];
  #systems: readonly System[] = [];

  /** Registers its streams: before the systems, so that at the same instant a fault comes before what it befalls. */
  constructor(kernel: Kernel, world: World, specs: readonly FaultSpec[]) {
    this.#kernel = kernel;
    this.#world = world;
    const names = new Map<string, number>();
    this.#plans = specs.map((spec, index) => {
      // Named after what it does, not where it stands: adding a fault changes no other fault's luck.
      const base = `fault/${spec.name || faultTitle(spec.effect, selectorWords)}`;
      const nth = (names.get(base) ?? 0) + 1;
      names.set(base, nth);
      const stream = kernel.stream(nth === 1 ? base : `${base} (${nth})`, (_n: number, act: () => void) =>
        act(),
      );
      return { spec, index, stream, events: 0, occurrences: 0 };
    });
  }

  /** Schedules what is to come, from time zero on. */
  start(systems: readonly System[]): void {
    this.#systems = systems;
    for (const plan of this.#plans) {
      const { start } = plan.spec;
      if (start.kind === 'at') this.#schedule(plan, start.atUs, () => this.#begin(plan, NO_CAUSE));
      else if (start.kind === 'every') this.#scheduleNext(plan);
    }
  }

  /** What has happened, in the order of its beginning. */
  reports(): FaultReport[] {
    return this.#occurrences.map(({ plan, number, fromUs, toUs, event, title, fault }) => {
      const hadEffect = fault.hadEffect();
      return {
        number,
        index: plan.index,
        kind: plan.spec.effect.kind,
        title,
        nodes: fault.nodes.map((node) => node.name),
        fromUs,
        toUs,
        event,
        hadEffect,
        note: hadEffect ? '' : fault.note,
      };
    });
  }

  #scheduleNext(plan: Plan): void {
    const { start } = plan.spec;
    if (start.kind !== 'every') return;
    const waitUs = quantile(start.interval, plan.stream.uniform(plan.occurrences, INTERVAL_LANE));
    this.#schedule(plan, this.#kernel.nowUs + Math.max(1, Math.round(waitUs)), () =>
      this.#begin(plan, NO_CAUSE),
    );
  }

  #schedule(plan: Plan, atUs: number, act: () => void): void {
    this.#kernel.schedule(atUs, plan.stream, plan.events++, act);
  }

  #begin(plan: Plan, cause: TraceId): void {
    const { spec } = plan;
    const nowUs = this.#kernel.nowUs;
    const k = plan.occurrences++;
    const durationUs =
      spec.duration === null
        ? null
        : Math.max(1, Math.round(quantile(spec.duration, plan.stream.uniform(k, DURATION_LANE))));
    const number = this.#occurrences.length + 1;
    const title = faultTitle(spec.effect, (selector) => this.#names(selector));
    const event = this.#kernel.record('', '', 'fault', 0, `fault ${number}: ${title}`, cause);
    const fault = beginFault(spec.effect, this.#context(plan, k, event, durationUs));
    const occurrence: Occurrence = {
      plan,
      number,
      fromUs: nowUs,
      toUs: null,
      event,
      title: this.#withNames(spec.effect, title, fault),
      fault,
    };
    this.#occurrences.push(occurrence);
    this.#kernel.touch();
    if (durationUs !== null) this.#schedule(plan, nowUs + durationUs, () => this.#end(occurrence));
    if (spec.repeat !== null && k + 1 < spec.repeat.times && spec.start.kind !== 'every') {
      this.#schedule(plan, nowUs + spec.repeat.periodUs, () => this.#begin(plan, cause));
    }
    if (durationUs === null) this.#scheduleNext(plan);
    this.#follow(plan, 'start', event);
  }

  #end(occurrence: Occurrence): void {
    const { plan, number, fault } = occurrence;
    occurrence.toUs = this.#kernel.nowUs;
    const event = this.#kernel.record('', '', 'fault-ends', 0, `fault ${number} is over`, occurrence.event);
    fault.end(event);
    this.#kernel.touch();
    this.#scheduleNext(plan);
    this.#follow(plan, 'end', event);
  }

  /** Begins what was waiting for this edge of the fault. */
  #follow(plan: Plan, edge: 'start' | 'end', cause: TraceId): void {
    for (const other of this.#plans) {
      const { start } = other.spec;
      if (start.kind !== 'after' || start.fault !== plan.index || start.edge !== edge) continue;
      this.#schedule(other, this.#kernel.nowUs + start.delayUs, () => this.#begin(other, cause));
    }
  }

  #context(plan: Plan, k: number, cause: TraceId, durationUs: number | null): FaultContext {
    const kernel = this.#kernel;
    const world = this.#world;
    const beganUs = kernel.nowUs;
    let picks = 0;
    const pick = (n: number) => plan.stream.integer(k, n, FIRST_PICK_LANE + picks++);
    return {
      kernel,
      world,
      systems: this.#systems,
      cause,
      endUs: durationUs === null ? null : beganUs + durationUs,
      select: (selector, users = false): Node[] =>
        select(selector, world, this.#systems, pick).filter((node) => users || !node.spec.hidden),
      atShares: (count, step) => {
        if (durationUs === null) return step(0);
        step(0);
        for (let i = 1; i < count; i++) {
          this.#schedule(plan, beganUs + Math.round((durationUs * i) / count), () => step(i / count));
        }
      },
    };
  }

  /** The words for a selector, with the nodes that a moving target means now. */
  #names(selector: NodeSelector): string {
    if (selector.kind !== 'leader') return selectorWords(selector);
    const leaders = select(selector, this.#world, this.#systems, () => 0).map((node) => node.name);
    return `${selectorWords(selector)} (${leaders.join(', ') || 'nobody now'})`;
  }

  /** A drawn target is named once it is known. */
  #withNames(effect: FaultEffect, title: string, fault: ActiveFault): string {
    const drawn = 'target' in effect && containsDraw(effect.target);
    return drawn && fault.nodes.length > 0
      ? `${title}: ${fault.nodes.map((node) => node.name).join(', ')}`
      : title;
  }
}

function containsDraw(selector: NodeSelector): boolean {
  if (selector.kind === 'any' || selector.kind === 'majority' || selector.kind === 'minority') return true;
  if (selector.kind === 'followers') return true;
  if (selector.kind === 'union' || selector.kind === 'intersection') return selector.of.some(containsDraw);
  return selector.kind === 'not' && containsDraw(selector.of);
}
