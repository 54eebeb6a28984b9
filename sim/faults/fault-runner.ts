/** Brings faults about: when the scenario says so, after one another, again and again, or by chance; and has them repaired. */
import { type Distribution, quantile } from '../kernel/distribution.ts';
import type { Kernel, Stream } from '../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import type { FaultReport } from '../run.ts';
import type { System } from '../systems/system.ts';
import type { Node } from '../world/node.ts';
import type { World } from '../world/world.ts';
import { Crews } from './crews.ts';
import type { ActiveFault, FaultContext } from './fault.ts';
import { type Booked, FaultBook } from './fault-book.ts';
import type { FaultEffect, FaultSpec, NodeSelector } from './fault-spec.ts';
import { beginFault, faultTitle } from './kinds.ts';
import { type LifeProcess, lifeProcesses, streamName } from './life.ts';
import { Maintenance } from './maintenance.ts';
import { NO_OPERATORS, type OperatorsSpec } from './operators-spec.ts';
import { Runbook } from './runbook.ts';
import { Selection } from './selection.ts';
import { select } from './selector.ts';
import { UpTime } from './up-time.ts';
import { selectorWords } from './words.ts';

const INTERVAL_LANE = 0;
const DURATION_LANE = 1;
const FIRST_PICK_LANE = 2;
const REACTION_LANE = 1023;

/** One fault of the scenario, or one process of it, over all the times it happens. */
interface Plan {
  readonly spec: FaultSpec;
  readonly index: number;
  /** Of a stochastic fault. */
  readonly life: LifeProcess | null;
  /** What begins at once: one effect, or one for each member of a group with a common cause. */
  readonly effects: readonly FaultEffect[];
  readonly stream: Stream;
  /** Until it fails again; null for what does not fail by itself. */
  readonly upTime: UpTime | null;
  /** Of a group: the processes of its members. */
  readonly members: Plan[];
  /** Events so far on its stream, and times it has begun. */
  events: number;
  occurrences: number;
}

interface Occurrence {
  readonly plan: Plan;
  readonly booked: Booked;
  readonly faults: readonly ActiveFault[];
  readonly durationUs: number;
}

/** Places keep their users when a fault is about processes; only outages and the network reach users. */
export class FaultRunner {
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #book: FaultBook;
  readonly #crews: Crews;
  readonly #plans: readonly Plan[];
  readonly #maintenance: readonly Maintenance[];
  readonly #runbooks: readonly Runbook[];
  #systems: readonly System[] = [];

  /** Registers its streams: before the systems, so that at the same instant a fault comes before what it befalls. */
  constructor(
    kernel: Kernel,
    world: World,
    specs: readonly FaultSpec[],
    operators: OperatorsSpec = NO_OPERATORS,
  ) {
    this.#kernel = kernel;
    this.#world = world;
    this.#book = new FaultBook(kernel);
    this.#crews = new Crews(operators.crews);
    const processes = lifeProcesses(specs);
    const names = new Map<string, number>();
    this.#plans = specs.flatMap((spec, index) => {
      if (spec.start.kind !== 'every') {
        return [this.#plan(spec, index, null, [spec.effect], streamName(spec, '', spec.effect), names)];
      }
      const plans = processes
        .filter((life) => life.fault === index)
        .map((life) => this.#plan(spec, index, life, life.effects, life.name, names));
      for (const group of plans) {
        const ofGroup = (plan: Plan) =>
          plan.life!.members.length === 0 && group.life!.members.includes(plan.life!.entity);
        group.members.push(...plans.filter(ofGroup));
      }
      return plans;
    });
    const leaving = new Set<Node>();
    this.#maintenance = operators.maintenance.map((spec) => {
      const base = `maintenance/${spec.name || spec.order.map(selectorWords).join(', ')}`;
      const name = numbered(base, names);
      return new Maintenance(kernel, world, this.#book, spec, name, () => this.#systems, leaving);
    });
    this.#runbooks = operators.runbooks.map((spec) => {
      const name = numbered(`runbook/${spec.system}`, names);
      return new Runbook(kernel, world, this.#book, this.#crews, spec, name);
    });
    if (this.#maintenance.length + this.#runbooks.length > 0) this.#listen();
  }

  /** Operators look again when something has changed. */
  #listen(): void {
    const changed = () => {
      for (const one of this.#runbooks) one.worldChanged();
      for (const one of this.#maintenance) one.worldChanged();
    };
    this.#world.listen({
      nodeDown: changed,
      nodeUp: changed,
      nodePaused: changed,
      nodeResumed: changed,
      diskChanged: changed,
      networkChanged: changed,
    });
  }

  #plan(
    spec: FaultSpec,
    index: number,
    life: LifeProcess | null,
    effects: readonly FaultEffect[],
    base: string,
    names: Map<string, number>,
  ): Plan {
    const stream = this.#kernel.stream(numbered(base, names), (_n: number, act: () => void) => act());
    const upTime =
      life === null
        ? null
        : new UpTime(
            this.#kernel,
            stream,
            () => plan.events++,
            () => this.#begin(plan, NO_CAUSE),
          );
    const plan: Plan = {
      spec,
      index,
      life,
      effects,
      stream,
      upTime,
      members: [],
      events: 0,
      occurrences: 0,
    };
    return plan;
  }

  /** Schedules what is to come, from time zero on. */
  start(systems: readonly System[]): void {
    this.#systems = systems;
    for (const plan of this.#plans) {
      const { start } = plan.spec;
      if (start.kind === 'at') this.#schedule(plan, start.atUs, () => this.#begin(plan, NO_CAUSE));
      else this.#windUp(plan);
    }
    for (const one of this.#maintenance) one.start();
    for (const one of this.#runbooks) one.start(systems);
  }

  /** What has happened, in the order of its beginning. */
  reports(): FaultReport[] {
    return this.#book.reports();
  }

  #windUp({ life, upTime, stream, occurrences }: Plan): void {
    upTime?.wind(Math.max(1, Math.round(quantile(life!.up, stream.uniform(occurrences, INTERVAL_LANE)))));
  }

  #schedule(plan: Plan, atUs: number, act: () => void): void {
    this.#kernel.schedule(atUs, plan.stream, plan.events++, act);
  }

  #begin(plan: Plan, cause: TraceId): void {
    const { spec, effects } = plan;
    const nowUs = this.#kernel.nowUs;
    const k = plan.occurrences++;
    const drawn = (of: Distribution | null | undefined, lane: number) =>
      of === null || of === undefined ? null : Math.round(quantile(of, plan.stream.uniform(k, lane)));
    const reactionUs = Math.max(0, drawn(spec.reaction, REACTION_LANE) ?? 0);
    const repairUs = drawn(spec.duration, DURATION_LANE);
    const durationUs = repairUs === null ? null : Math.max(1, repairUs);
    // How long it lasts is not known to the fault where it may wait for a crew.
    const lengthUs = durationUs === null || spec.crew !== undefined ? null : reactionUs + durationUs;

    const title = this.#title(plan);
    const { kind } = spec.effect;
    const booked = this.#book.begin(
      { index: plan.index, kind, title, entity: plan.life?.entity ?? '' },
      cause,
    );
    for (const member of plan.members) member.upTime!.hold();
    const selection = this.#selection(plan, k);
    const context = this.#context(plan, selection, booked.event, lengthUs);
    const faults = effects.map((effect) => beginFault(effect, context));
    booked.nodes = [...new Set(faults.flatMap((fault) => fault.nodes))].map((node) => node.name);
    booked.hadEffect = () => faults.some((fault) => fault.hadEffect());
    booked.note = () => [...new Set(faults.map((fault) => fault.note))].join('; ');
    if (selection.named.length > 0) booked.title = `${title}: ${selection.named.join(', ')}`;
    this.#kernel.touch();

    if (durationUs !== null) {
      const occurrence = { plan, booked, faults, durationUs };
      if (reactionUs === 0) this.#repair(occurrence);
      else this.#schedule(plan, nowUs + reactionUs, () => this.#repair(occurrence));
    }
    if (spec.repeat !== null && k + 1 < spec.repeat.times && spec.start.kind !== 'every') {
      this.#schedule(plan, nowUs + spec.repeat.periodUs, () => this.#begin(plan, cause));
    }
    // What has an entity of its own and is never repaired fails once; others may strike elsewhere.
    if (durationUs === null && (plan.life?.entity ?? '') === '') this.#windUp(plan);
    this.#follow(plan, 'start', booked.event);
  }

  /** The repair begins, with the crew that it needs. */
  #repair(occurrence: Occurrence): void {
    const { plan, booked, durationUs } = occurrence;
    const { crew } = plan.spec;
    const work = () => this.#schedule(plan, this.#kernel.nowUs + durationUs, () => this.#end(occurrence));
    if (crew === undefined) {
      work();
      return;
    }
    const begins = () => {
      this.#record('repair-begins', `${crew} is at work on fault ${booked.number}`, booked.event);
      work();
    };
    if (!this.#crews.request(crew, begins)) {
      this.#record(
        'repair-waits',
        `fault ${booked.number} waits: everybody of ${crew} is at work`,
        booked.event,
      );
    }
  }

  #end({ plan, booked, faults }: Occurrence): void {
    const event = this.#book.end(booked);
    for (const fault of faults) fault.end(event);
    for (const member of plan.members) member.upTime!.release();
    this.#kernel.touch();
    this.#windUp(plan);
    if (plan.spec.crew !== undefined) this.#crews.release(plan.spec.crew);
    this.#follow(plan, 'end', event);
  }

  #record(word: string, detail: string, cause: TraceId): void {
    this.#kernel.record('', '', word, 0, detail, cause);
  }

  /** Begins what was waiting for this edge of the fault. */
  #follow(plan: Plan, edge: 'start' | 'end', cause: TraceId): void {
    for (const other of this.#plans) {
      const { start } = other.spec;
      if (start.kind !== 'after' || start.fault !== plan.index || start.edge !== edge) continue;
      this.#schedule(other, this.#kernel.nowUs + start.delayUs, () => this.#begin(other, cause));
    }
  }

  /** For occurrence k. */
  #selection({ stream }: Plan, k: number): Selection {
    let picks = 0;
    return new Selection(this.#world, this.#systems, (n) => stream.integer(k, n, FIRST_PICK_LANE + picks++));
  }

  #context(plan: Plan, selection: Selection, cause: TraceId, lengthUs: number | null): FaultContext {
    const kernel = this.#kernel;
    const beganUs = kernel.nowUs;
    return {
      kernel,
      world: this.#world,
      systems: this.#systems,
      cause,
      endUs: lengthUs === null ? null : beganUs + lengthUs,
      select: (selector, users = false) => selection.select(selector, users),
      atShares: (count, step) => {
        if (lengthUs === null) return step(0);
        step(0);
        for (let i = 1; i < count; i++) {
          this.#schedule(plan, beganUs + Math.round((lengthUs * i) / count), () => step(i / count));
        }
      },
    };
  }

  /** One clause; of a common cause all of them. */
  #title({ life, effects }: Plan): string {
    const titles = effects.map((effect) => faultTitle(effect, (selector) => this.#names(selector)));
    if (life === null || life.members.length === 0) return titles.join();
    return `common cause${life.entity === life.members.join(', ') ? '' : ` ${life.entity}`}: ${titles.join(', ')}`;
  }

  /** The words for a selector, with the nodes that a moving target means now. */
  #names(selector: NodeSelector): string {
    if (selector.kind !== 'leader') return selectorWords(selector);
    const leaders = select(selector, this.#world, this.#systems, () => 0).map((node) => node.name);
    return `${selectorWords(selector)} (${leaders.join(', ') || 'nobody now'})`;
  }
}

/** The name, or `name (2)` where it is taken. */
function numbered(name: string, taken: Map<string, number>): string {
  const nth = (taken.get(name) ?? 0) + 1;
  taken.set(name, nth);
  return nth === 1 ? name : `${name} (${nth})`;
}
