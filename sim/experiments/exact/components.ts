/** The stochastic and planned faults of a scenario as components of a reliability model. */

import { type Course, calendarCourse, courseOf } from '../../exact/renewal.ts';
import type { ChainComponent } from '../../exact/repair-chain.ts';
import type { Damage } from '../../exact/structure.ts';
import type { FaultEffect, FaultSpec } from '../../faults/fault-spec.ts';
import { type LifeProcess, lifeProcesses } from '../../faults/life.ts';
import type { Distribution } from '../../kernel/distribution.ts';
import type { Scenario } from '../../scenario.ts';
import { type Damages, freezes } from './damages.ts';

export interface Component {
  /** Of messages: the fault's place in the file, with the entity. */
  readonly origin: string;
  /** null: nothing that quorums are about, but it may keep a crew busy. */
  readonly damage: Damage | null;
  /** Of a stochastic fault; null for a planned one. */
  readonly life: LifeProcess | null;
  /** Of a planned one: when it is down. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
}

export interface Components {
  readonly components: readonly Component[];
  /** Faults of which nothing exact can be said: where they stand, and why. */
  readonly unknown: readonly { readonly origin: string; readonly why: string }[];
  /** Faults that take no node and no link away: where they stand. */
  readonly harmless: readonly string[];
}

export function componentsOf(scenario: Scenario, damages: Damages): Components {
  const { durationUs } = scenario.run;
  const components: Component[] = [];
  const unknown: { origin: string; why: string }[] = [];
  const harmless: string[] = [];
  const lives = lifeProcesses(scenario.faults);
  scenario.faults.forEach((spec, index) => {
    const own = lives.filter(({ fault }) => fault === index);
    const parts =
      spec.start.kind === 'every'
        ? own.map(({ effects }) => damages.ofAll(effects))
        : [damages.of(spec.effect)];
    if (parts.includes('unknown')) {
      unknown.push({
        origin: spec.origin,
        why: whyUnknown([spec.effect, ...own.flatMap(({ effects }) => effects)]),
      });
      return;
    }
    if (parts.every((part) => part === 'harmless')) harmless.push(spec.origin);
    if (spec.start.kind === 'every') {
      own.forEach((life, i) => {
        const part = parts[i]!;
        const damage = typeof part === 'string' ? null : part;
        if (life.repair === null && life.entity === '') {
          if (damage !== null) unknown.push({ origin: spec.origin, why: 'it is never repaired' });
          return;
        }
        const origin = life.entity === '' ? spec.origin : `${spec.origin} (${life.entity})`;
        components.push({ origin, damage, life, spans: [] });
      });
      return;
    }
    const damage = parts[0]!;
    if (typeof damage === 'string') return;
    const spans = spansOf(spec, durationUs);
    if (spans === null) {
      unknown.push({ origin: spec.origin, why: 'when it begins or ends is not known beforehand' });
    } else components.push({ origin: spec.origin, damage, life: null, spans });
  });
  return { components, unknown, harmless };
}

function whyUnknown(effects: readonly FaultEffect[]): string {
  return effects.some(freezes)
    ? 'requests wait for what is frozen, so how long each time counts'
    : 'what it hits depends on the moment';
}

/** null: not fixed by the calendar. */
function spansOf(
  { start, repeat, duration, reaction, crew }: FaultSpec,
  horizonUs: number,
): { from: number; to: number }[] | null {
  if (start.kind !== 'at' || crew !== undefined) return null;
  const lengths = [duration, reaction ?? null].filter((one): one is Distribution => one !== null);
  if (!lengths.every((one) => one.kind === 'constant')) return null;
  const lengthUs =
    duration === null
      ? horizonUs
      : lengths.reduce((sum, one) => sum + (one.kind === 'constant' ? one.value : 0), 0);
  return Array.from({ length: repeat?.times ?? 1 }, (_, k) => {
    const from = start.atUs + k * (repeat?.periodUs ?? 0);
    return { from, to: from + lengthUs };
  }).filter(({ from }) => from < horizonUs);
}

const courses = new Map<string, Course>();

/** Its chances over the run, when nothing else matters to it; null: a constant time to failure never forgets its beginning. */
export function courseOfComponent({ life, spans }: Component, horizonUs: number): Course | null {
  if (life === null) return calendarCourse(spans);
  if (life.up.kind === 'constant') return null;
  const down =
    life.repair === null ? null : [...(life.reaction === null ? [] : [life.reaction]), life.repair];
  const key = JSON.stringify([life.up, down, horizonUs]);
  let course = courses.get(key);
  if (course === undefined) {
    course = courseOf({ up: life.up, down }, horizonUs);
    if (courses.size > 1000) courses.clear();
    courses.set(key, course);
  }
  return course;
}

/** As a part of a Markov chain; null where a time is not exponential, or it is never repaired. `crews`: their names, by index. */
export function chainComponentOf(
  { life }: Component,
  crews: readonly string[],
  holds: readonly number[],
): ChainComponent | null {
  if (life === null || life.up.kind !== 'exponential' || life.repair?.kind !== 'exponential') return null;
  const { reaction } = life;
  const atOnce = reaction === null || (reaction.kind === 'constant' && reaction.value === 0);
  if (!atOnce && reaction.kind !== 'exponential') return null;
  return {
    failureRate: 1 / life.up.mean,
    callRate: atOnce || reaction.kind !== 'exponential' ? null : 1 / reaction.mean,
    repairRate: 1 / life.repair.mean,
    crew: life.crew === null ? null : crews.indexOf(life.crew),
    count: 1,
    holds,
  };
}
