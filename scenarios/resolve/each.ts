/** `each` in the verb of an entry: the entities it stands for, the effect on each of them, and who fails together. */
import type { CommonCause, FaultEffect, FaultEntity } from '../../sim/faults/fault-spec.ts';
import { parseEach } from '../each.ts';
import type { Path } from '../issue.ts';
import { MAX_ENTITIES } from '../limits.ts';
import { listOf, nearest } from '../nearest.ts';
import { TextError } from '../text-error.ts';
import { parseShare } from '../units.ts';
import type { Context } from './context.ts';
import type { Entry } from './effects.ts';
import type { Names } from './names.ts';

/** What one of the entities is called, and how it is written where `each` stood. */
interface Choice {
  readonly name: string;
  readonly node: boolean;
}

/** Where in the value of a verb `each` stands. */
interface Slot {
  readonly at: readonly (string | number)[];
  readonly choices: readonly Choice[];
}

const SLOTS: readonly (readonly (string | number)[])[] = [
  [],
  ['target'],
  ['from'],
  ['to'],
  ['between', 0],
  ['between', 1],
];

/**
 * The values of the verb with each entity in the place of `each`, by entity; undefined where no `each` stands.
 * Null, and issues, where it cannot be.
 */
export function spreadEach(
  stated: unknown,
  path: Path,
  names: Names,
  context: Context,
): { readonly name: string; readonly stated: unknown }[] | null | undefined {
  const slots: Slot[] = [];
  for (const at of SLOTS) {
    const value = valueAt(stated, at);
    if (!mentionsEach(value)) continue;
    const choices = context.attempt<Choice[] | null>([...path, ...at], null, () => choicesOf(value, names));
    if (choices === null) return null;
    slots.push({ at, choices });
  }
  const [first, second] = slots;
  if (first === undefined) return undefined;
  const written = ({ name, node }: Choice) =>
    typeof stated === 'string' && !node && first.at.length === 0
      ? name
      : `${node ? 'node' : 'place'}:${name}`;
  const found: { name: string; stated: unknown }[] = [];
  for (const [i, one] of first.choices.entries()) {
    const once = replaced(stated, first.at, written(one));
    if (second === undefined) {
      found.push({ name: one.name, stated: once });
      continue;
    }
    for (const [j, other] of second.choices.entries()) {
      if (other.name === one.name) continue;
      // Both ways are one link where the ends are alike.
      const seen = first.choices.some((choice, k) => k < i && choice.name === other.name);
      const alike = second.choices.some((choice, k) => k < second.choices.length && choice.name === one.name);
      if (first.at[0] === 'between' && seen && alike && j >= 0) continue;
      found.push({ name: `${one.name} - ${other.name}`, stated: replaced(once, second.at, written(other)) });
    }
  }
  if (found.length > MAX_ENTITIES) {
    context.error(path, `each stands for ${found.length} of them, and an entry has at most ${MAX_ENTITIES}`);
    return null;
  }
  if (found.length === 0) {
    context.error(path, 'each on both sides finds no two that differ');
    return null;
  }
  return found;
}

export function mentionsEach(value: unknown): boolean {
  if (typeof value === 'string') return /^\s*each\s/.test(value);
  return Array.isArray(value) && value.some((one) => typeof one === 'string' && mentionsEach(one));
}

function choicesOf(value: unknown, names: Names): Choice[] {
  const texts = (typeof value === 'string' ? [value] : value) as readonly string[];
  const choices = new Map<string, Choice>();
  for (const text of texts) {
    const each = parseEach(text);
    if (each === undefined)
      throw new TextError(`"${text}": in a list with "each" every text begins with it, like "each ${text}"`);
    for (const choice of each.kind === 'places' ? placesOf(text, each, names) : nodesOf(each.selector, names))
      choices.set(choice.name, choice);
  }
  return [...choices.values()];
}

function placesOf(
  text: string,
  { level, within }: { level: Parameters<Names['places']['names']>[0]; within: string | undefined },
  names: Names,
): Choice[] {
  if (within !== undefined && names.places.get(within) === undefined) {
    const known = names.places.names();
    throw new TextError(
      `"${text}": unknown place "${within}": known are ${listOf(known)}`,
      nearest(within, known),
    );
  }
  const found = names.places
    .names(level)
    .filter((place) => names.isInhabited(place))
    .filter((place) => within === undefined || names.places.around(place).includes(within));
  if (found.length === 0) throw new TextError(`"${text}": there is no ${level} with a node in it`);
  return found.map((name) => ({ name, node: false }));
}

function nodesOf(selector: string, names: Names): Choice[] {
  const { nodes, exact } = names.select(selector);
  if (!exact)
    throw new TextError(
      `"each ${selector}" is not settled before the run: name nodes by role, label or place`,
    );
  return names.nodes.filter((_, i) => nodes.has(i)).map(({ name }) => ({ name, node: true }));
}

function valueAt(value: unknown, at: readonly (string | number)[]): unknown {
  return at.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
        ? (inner as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], text: string): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value)) return value.map((one, i) => (i === key ? replaced(one, rest, text) : one));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, text) };
}

/** The effect that stands for any one of them, for titles and forecasts. */
export function anyOf(each: readonly FaultEntity[]): FaultEffect {
  const effects = each.map(({ effect }) => effect);
  const first = effects[0]!;
  if (!('target' in first) || each.length === 1) return first;
  const of = effects.flatMap((effect) => ('target' in effect ? [effect.target] : []));
  if (of.some((target) => target.kind !== 'node')) return first;
  return { ...first, target: { kind: 'any', count: 1, of: { kind: 'union', of } } };
}

/** `common-cause` of an entry: names of entities, or selectors of nodes that are. */
export function resolveCommonCauses(
  entry: Entry,
  path: Path,
  each: readonly FaultEntity[],
  names: Names,
  context: Context,
): CommonCause[] {
  const known = each.map(({ name }) => name);
  const shares = new Map<string, number>();
  return (entry['common-cause'] ?? []).flatMap((stated, i): CommonCause[] => {
    const at = [...path, 'common-cause', i];
    const before = context.issues.length;
    const members = stated.group.flatMap((text, j) =>
      context.attempt<readonly string[]>([...at, 'group', j], [], () => entitiesOf(text, known, names)),
    );
    const group = known.filter((name) => members.includes(name));
    if (context.issues.length === before && group.length < 2)
      context.error([...at, 'group'], `a group has at least two members, and this one has ${group.length}`);
    const share = parseShare(stated.beta);
    if (share === 0) context.error([...at, 'beta'], 'a share of nothing: leave the group out');
    for (const name of group) {
      const sum = (shares.get(name) ?? 0) + share;
      shares.set(name, sum);
      if (sum > 1 + 1e-9)
        context.error([...at, 'beta'], `the shares of ${name} add up to more than 100 % of its failures`);
    }
    return share === 0 || group.length < 2 ? [] : [{ name: stated.name ?? '', share, members: group }];
  });
}

function entitiesOf(text: string, known: readonly string[], names: Names): readonly string[] {
  if (known.includes(text)) return [text];
  const isPlace = names.places.get(text) !== undefined;
  const near = nearest(text, known);
  const refuse = (what: string) => new TextError(`${what}: the entry is about ${listOf(known, 8)}`, near);
  if (isPlace && !known.some((name) => names.isNode(name))) throw refuse(`${text} is none of them`);
  const { nodes, exact } = names.select(text);
  const found = names.nodes.filter((_, i) => nodes.has(i)).map(({ name }) => name);
  const other = found.find((name) => !known.includes(name));
  if (!exact || other !== undefined) throw refuse(`${other ?? text} is none of them`);
  return found;
}
