/** The mark that holds the members: a bracket for each zone, its nodes within, a lane for each system that a node is in. */
import type { MemberInterval, Run } from '../../sim/run.ts';
import { nodesOfRole } from '../findings/subjects.ts';
import { groupAlike, groupBy, pairwise } from '../grouping.ts';
import { clean, count, list } from '../words.ts';
import { type BandSpec, type Chart, drawLane, PAGE } from './chart.ts';
import { memberBands, memberLanes } from './member-lanes.ts';
import { nodeHistories } from './node-history.ts';
import { coordinate, write } from './pen.ts';
import { fitted, fittedName, textWidth } from './text-width.ts';

const HEIGHT = 15;
const PITCH = 18;
/** More lanes than this are counted, not drawn. */
const LANES_MAX = 72;
/** Histories of nodes in no system that are drawn for one zone. */
const OTHERS_MAX = 4;
const INDENT = 14;
/** The name of a zone has a line for itself. */
const ZONE_NAME_WIDTH = 600;

interface Row {
  /** Only on the first row of a node. */
  readonly name: string;
  readonly detail: string;
  readonly bands: Iterable<BandSpec>;
}

interface Zone {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Lines of text below the rows. */
  readonly notes: readonly string[];
  /** By role, how many nodes in no system stayed up throughout. */
  readonly calm: ReadonlyMap<string, number>;
}

/** Gives the height used. */
export function drawZoneLanes(chart: Chart, names: ReadonlyMap<string, string>, y: number): number {
  let at = y;
  let left = LANES_MAX;
  const zones = zonesOf(chart.run, names);
  const calm = zones.filter((zone) => zone.rows.length === 0);
  for (const zone of zones.filter((each) => each.rows.length > 0)) {
    const rows = zone.rows.slice(0, left);
    left -= rows.length;
    const hidden = zone.rows.length - rows.length;
    const notes = [...zone.notes, ...calmWords(zone.calm).map((words) => `+ ${words}`)];
    if (hidden > 0) notes.push(`+ ${count(hidden, 'more lane')}, see timeline.csv`);
    write(chart.front, PAGE.left, at + 12, fittedName(zone.name, ZONE_NAME_WIDTH, 12, true), 'b halo');
    const top = at + 18;
    at = top;
    for (const row of rows) {
      drawRow(chart, row, at);
      at += PITCH;
    }
    for (const note of notes) {
      write(
        chart.front,
        PAGE.left + INDENT,
        at + 11,
        fitted(note, PAGE.plot1 - PAGE.left - INDENT, 11),
        's m',
      );
      at += 16;
    }
    const x = coordinate(PAGE.left + 4.5);
    chart.front
      .append('path')
      .attr('class', 'edge')
      .attr(
        'd',
        `M${coordinate(PAGE.left + 9.5)},${coordinate(top + 0.5)}H${x}V${coordinate(at - 3.5)}H${coordinate(PAGE.left + 9.5)}`,
      );
    at += 8;
  }
  if (calm.length > 0) {
    write(chart.front, PAGE.left, at + 11, fitted(calmZones(calm), PAGE.plot1 - PAGE.left, 12), 'halo');
    at += 20;
  }
  return at - y;
}

function drawRow(chart: Chart, row: Row, y: number): void {
  const right = PAGE.plot0 - 8;
  const detail = fitted(row.detail, 108, 11);
  if (detail !== '') write(chart.front, right, y + 11.5, detail, 's m end');
  if (row.name !== '') {
    const room = right - PAGE.left - INDENT - (detail === '' ? 0 : textWidth(detail, 11) + 8);
    write(chart.front, PAGE.left + INDENT, y + 11.5, fittedName(row.name, room, 12), '');
  }
  drawLane(chart, row.bands, y, HEIGHT);
}

function zonesOf(run: Run, names: ReadonlyMap<string, string>): Zone[] {
  const { nodes, places } = run.scenario.world;
  const parents = new Map(places.map((place) => [place.name, place]));
  const zoneOf = (place: string): string => {
    let at = parents.get(place);
    while (at !== undefined && at.level !== 'zone' && at.parent !== null) at = parents.get(at.parent);
    return at?.level === 'zone' ? at.name : place;
  };
  const members = memberLanes(run.members);
  const histories = nodeHistories(run);
  const zones = [...groupBy(nodes, (node) => zoneOf(node.place))];
  // Zones of one datacenter stand together, in the order of their first.
  const together = [...groupBy(zones, ([zone]) => parents.get(zone)?.parent ?? zone).values()].flat();
  return together.map(([zone, own]) => {
    const rows = own.flatMap((node) =>
      memberRows(run, names.get(node.name) ?? node.name, members.get(node.name) ?? []),
    );
    const others = own.filter((node) => !members.has(node.name));
    const { changed, calm } = otherRows(others, histories, names);
    const hidden = changed.slice(OTHERS_MAX);
    const notes = hidden.length > 0 ? [`+ ${count(hidden.length, 'more lane')}, see timeline.csv`] : [];
    return { name: clean(zone), rows: [...rows, ...changed.slice(0, OTHERS_MAX)], notes, calm };
  });
}

function memberRows(run: Run, name: string, own: readonly (readonly MemberInterval[])[]): Row[] {
  const order = new Map(run.systems.map((system, i) => [system.name, i]));
  const lanes = own.toSorted((a, b) => (order.get(a[0]!.system) ?? 0) - (order.get(b[0]!.system) ?? 0));
  // Groups of one system (tables) in which the member fared alike share a lane.
  const alike = groupAlike(lanes, (a, b) => a[0]!.system === b[0]!.system && pairwise(a, b, faredAlike));
  return alike.map((same, i) => {
    const { system, group } = same[0]![0]!;
    const detail =
      same.length > 1 ? `${system} (${same.length})` : group === '' ? system : `${system}/${group}`;
    return { name: i === 0 ? clean(name) : '', detail: clean(detail), bands: memberBands(same[0]!) };
  });
}

function faredAlike(a: MemberInterval, b: MemberInterval): boolean {
  return a.fromUs === b.fromUs && a.state === b.state && a.term === b.term && a.cutOff === b.cutOff;
}

/** Nodes in no system: those that fared alike share a lane; those that stayed up are counted by role. */
function otherRows(
  nodes: readonly { name: string; roles: readonly string[] }[],
  histories: ReadonlyMap<string, BandSpec[]>,
  names: ReadonlyMap<string, string>,
): { changed: Row[]; calm: Map<string, number> } {
  const role = (node: { roles: readonly string[] }) => node.roles[0] ?? 'node';
  const alike = groupBy(
    nodes.filter((node) => histories.has(node.name)),
    (node) => JSON.stringify([role(node), histories.get(node.name)!.map((band) => [band.fromUs, band.look])]),
  );
  const changed = [...alike.values()].map((group) => ({
    name:
      group.length === 1
        ? clean(names.get(group[0]!.name) ?? group[0]!.name)
        : nodesOfRole(group.length, role(group[0]!)),
    detail: '',
    bands: histories.get(group[0]!.name)!,
  }));
  const calm = new Map<string, number>();
  for (const node of nodes)
    if (!histories.has(node.name)) calm.set(role(node), (calm.get(role(node)) ?? 0) + 1);
  return { changed, calm };
}

function calmWords(calm: ReadonlyMap<string, number>): string[] {
  return [...calm].map(([role, n]) => `${nodesOfRole(n, role)}, ${allUp(n)}`);
}

/** Zones in which nothing is to be drawn, in one line: `sydney/z1, sydney/z2 and 5 more zones: 7 workers, all up`. */
function calmZones(zones: readonly Zone[]): string {
  const names = zones.map((zone) => zone.name);
  const shown =
    names.length <= 3 ? list(names) : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more zones`;
  const sum = new Map<string, number>();
  for (const { calm } of zones) for (const [role, n] of calm) sum.set(role, (sum.get(role) ?? 0) + n);
  return `${shown}: ${calmWords(sum).join('; ')}`;
}

function allUp(n: number): string {
  return n === 1 ? 'up' : n === 2 ? 'both up' : 'all up';
}

/**
 * Names of nodes without what they all begin and end with, when that is long: `manager-01` for
 * `prod-manager-01.internal.example.com`. `dropped` says what was left out.
 */
export function shortNames(run: Run): { names: Map<string, string>; dropped: string[] } {
  const all = run.scenario.world.nodes.map((node) => node.name);
  const tooLong = all.some((name) => textWidth(clean(name), 12) > 120);
  const prefix = tooLong && all.length > 1 ? droppable(all) : '';
  const suffix =
    tooLong && all.length > 1 ? reversed(/^.*\./.exec(common(all.map(reversed)))?.[0] ?? '') : '';
  const dropped = [prefix, suffix].filter((each) => each.length > 3);
  const cut = (name: string) => {
    const head = dropped.includes(prefix) ? prefix.length : 0;
    const tail = dropped.includes(suffix) ? suffix.length : 0;
    return head + tail < name.length ? name.slice(head, name.length - tail) : name;
  };
  return { names: new Map(all.map((name) => [name, cut(name)])), dropped: dropped.map(clean) };
}

function common(names: readonly string[]): string {
  let length = 0;
  while (length < names[0]!.length && names.every((name) => name[length] === names[0]![length])) length++;
  return names[0]!.slice(0, length);
}

/** The longest common beginning, up to a separator, that leaves every name to begin with a letter. */
function droppable(names: readonly string[]): string {
  for (let prefix = /^.*[-_.]/.exec(common(names))?.[0] ?? ''; prefix !== ''; ) {
    if (names.every((name) => /^\p{L}/u.test(name.slice(prefix.length)))) return prefix;
    prefix = /^.*[-_.]/.exec(prefix.slice(0, -1))?.[0] ?? '';
  }
  return '';
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
