/** The verb of an entry -> the effect of a fault. A new verb is one function here, and its words in schema/faults.ts. */
import type { FaultEffect, FaultEntity, LinkTarget, NodeSelector } from '../../sim/faults/fault-spec.ts';
import type { PlaceLevel } from '../../sim/world/topology.ts';
import type { Path } from '../issue.ts';
import { listOf, nearest } from '../nearest.ts';
import type { verbs } from '../schema/faults.ts';
import type { PlannedFault, StochasticFault } from '../schema/file.ts';
import { parseDuration, parsePpm, parseRate, parseShare, parseSignedDuration } from '../units.ts';
import type { Context } from './context.ts';
import { anyOf, spreadEach } from './each.ts';
import type { Names, Resolved } from './names.ts';
import type { NodeSet } from './node-set.ts';

export type Verb = keyof typeof verbs;
export type Entry = PlannedFault | StochasticFault;
type Stated<V extends Verb> = NonNullable<Entry[V]>;
type SelectorText = string | readonly string[];
type Read<V extends Verb> = (
  stated: Stated<V>,
  path: Path,
  names: Names,
  context: Context,
) => FaultEffect | undefined;

const READERS: { readonly [V in Verb]: Read<V> } = {
  kill: onNodes('kill'),
  stop: onNodes('stop'),
  restart: onNodes('restart'),
  pause: onNodes('pause'),
  'power-loss': onNodes('power-loss'),
  isolate: onNodes('isolate'),
  'rack-outage': onPlace('rack-outage', 'rack'),
  'zone-outage': onPlace('zone-outage', 'zone'),
  'datacenter-outage': onPlace('datacenter-outage', 'datacenter'),
  'region-outage': onPlace('region-outage', 'region'),
  cut: (stated, path, names, context) => {
    const sides = linkTarget(stated, path, names, context);
    return sides && { kind: 'cut', ...sides };
  },
  partition,
  delay: (stated, path, names, context) => {
    const sides = linkTarget(stated, path, names, context);
    if (sides === undefined) return undefined;
    const rttUs = stated['add-rtt'] === undefined ? undefined : parseDuration(stated['add-rtt']);
    // A round trip meets a fault of one direction once, so that direction takes the whole of it.
    const partUs =
      rttUs === undefined ? undefined : stated.from === undefined ? Math.round(rttUs / 2) : rttUs;
    return {
      kind: 'delay',
      ...sides,
      addUs: partUs ?? (stated['add-one-way'] === undefined ? 0 : parseDuration(stated['add-one-way'])),
      jitterUs: parseDuration(stated.jitter),
      multiply: stated.multiply,
      shape: stated.shape,
    };
  },
  loss: (stated, path, names, context) => {
    const sides = linkTarget(stated, path, names, context);
    return sides && { kind: 'loss', ...sides, share: parseShare(stated.share) };
  },
  bandwidth: (stated, path, names, context) => {
    const sides = linkTarget(stated, path, names, context);
    return sides && { kind: 'bandwidth', ...sides, bitsPerSecond: parseRate(stated.limit) };
  },
  'slow-disk': (stated, path, names, context) => {
    const target = select(stated.target, [...path, 'target'], names, context);
    const fsyncUs =
      stated.fsync === undefined ? null : context.distribution([...path, 'fsync'], stated.fsync);
    return target && { kind: 'slow-disk', target: target.selector, fsyncUs };
  },
  'clock-skew': (stated, path, names, context) => {
    const target = select(stated.target, [...path, 'target'], names, context);
    const driftPpm = parsePpm(stated.drift);
    const offsetUs = parseSignedDuration(stated.offset);
    if (driftPpm === 0 && offsetUs === 0) context.error(path, 'changes nothing: state drift or offset');
    return target && { kind: 'clock-skew', target: target.selector, driftPpm, offsetUs };
  },
};

/** Which verb an entry states; the schema has seen to it that there is one. */
export function verbOf(entry: Entry): Verb {
  return (Object.keys(READERS) as Verb[]).find((verb) => entry[verb] !== undefined)!;
}

/** undefined, and issues, when it names what is not there. */
export function resolveEffect(
  entry: Entry,
  path: Path,
  names: Names,
  context: Context,
): { effect: FaultEffect; each: readonly FaultEntity[] | undefined } | undefined {
  const verb = verbOf(entry);
  const at = [...path, verb];
  const read = READERS[verb] as Read<Verb>;
  const spread = spreadEach(entry[verb], at, names, context);
  if (spread === null) return undefined;
  if (spread === undefined) {
    const effect = read(entry[verb]!, at, names, context);
    return effect && { effect, each: undefined };
  }
  if (entry.every === undefined) {
    context.error(at, '"each" makes a process of its own for each of them: it needs every, not at or after');
    return undefined;
  }
  const each: FaultEntity[] = [];
  for (const { name, stated } of spread) {
    const effect = read(stated as Stated<Verb>, at, names, context);
    // What is wrong with one is wrong with all.
    if (effect === undefined) return undefined;
    each.push({ name, effect });
  }
  return { effect: anyOf(each), each };
}

function onNodes(kind: 'kill' | 'stop' | 'restart' | 'pause' | 'power-loss' | 'isolate') {
  return (stated: SelectorText, path: Path, names: Names, context: Context): FaultEffect | undefined => {
    const target = select(stated, path, names, context);
    if (kind === 'isolate' && target?.exact && target.nodes.size === names.nodes.length) {
      context.error(path, 'isolates every node from nothing: name some of them');
    }
    return target && { kind, target: target.selector };
  };
}

function onPlace(
  kind: 'rack-outage' | 'zone-outage' | 'datacenter-outage' | 'region-outage',
  level: PlaceLevel,
) {
  return (place: string, path: Path, names: Names, context: Context): FaultEffect | undefined => {
    const spec = names.places.get(place);
    if (spec?.level === level) {
      if (!names.isInhabited(place))
        context.error(path, `no node stands in ${place}: its outage would change nothing`);
      return { kind, place };
    }
    const known = names.places.names(level);
    if (spec !== undefined) context.error(path, `${place} is a ${spec.level}: write ${spec.level}-outage`);
    else
      context.error(path, `unknown ${level} "${place}": known are ${listOf(known)}`, nearest(place, known));
    return undefined;
  };
}

function partition(
  stated: readonly SelectorText[],
  path: Path,
  names: Names,
  context: Context,
): FaultEffect | undefined {
  const groups = stated.map((group, i) => select(group, [...path, i], names, context));
  let placed: NodeSet | undefined;
  groups.forEach((group, i) => {
    if (group === undefined || !group.exact) return;
    const twice = placed?.intersection(group.nodes).first();
    if (twice !== undefined) {
      context.error([...path, i], `${names.nodes[twice]!.name} stands in two groups of the partition`);
    }
    placed = placed?.union(group.nodes) ?? group.nodes;
  });
  if (groups.length === 1 && placed?.size === names.nodes.length) {
    context.error(path, 'one group of all nodes parts nothing: name two groups');
  }
  const chosen = groups.filter((group) => group !== undefined);
  return chosen.length < groups.length
    ? undefined
    : { kind: 'partition', groups: chosen.map((group) => group.selector) };
}

interface Sides {
  readonly between?: readonly SelectorText[] | undefined;
  readonly from?: SelectorText | undefined;
  readonly to?: SelectorText | undefined;
  readonly target?: SelectorText | undefined;
}

function linkTarget(stated: Sides, path: Path, names: Names, context: Context): LinkTarget | undefined {
  if (stated.target !== undefined) {
    const target = select(stated.target, [...path, 'target'], names, context);
    return target && { from: target.selector, to: complement(target.selector), direction: 'both' };
  }
  const { between } = stated;
  const ends =
    between === undefined
      ? ([
          [stated.from!, 'from'],
          [stated.to!, 'to'],
        ] as const)
      : ([
          [between[0]!, 'between', 0],
          [between[1]!, 'between', 1],
        ] as const);
  const [from, to] = ends.map(([text, ...at]) => select(text, [...path, ...at], names, context));
  if (from === undefined || to === undefined) return undefined;
  // Among the nodes of one side the way there covers the way back.
  const among = from.exact && to.exact && from.nodes.equals(to.nodes);
  const direction = between === undefined || among ? 'one-way' : 'both';
  return { from: from.selector, to: to.selector, direction };
}

function complement(selector: NodeSelector): NodeSelector {
  return { kind: 'not', of: selector };
}

function select(texts: SelectorText, path: Path, names: Names, context: Context): Resolved | undefined {
  if (typeof texts === 'string')
    return context.attempt<Resolved | undefined>(path, undefined, () => names.select(texts));
  const parts = texts.map((text, i) =>
    context.attempt<Resolved | undefined>([...path, i], undefined, () => names.select(text)),
  );
  if (parts.includes(undefined)) return undefined;
  return names.selectAll(texts);
}
