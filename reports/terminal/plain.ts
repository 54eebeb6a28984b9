/**
 * The lanes of the picture as text: one line for each change. For logs, for ssh and for screen readers; the legend
 * above says what each column and letter means.
 */
import type { GroupInterval, MemberInterval, Run } from '../../sim/run.ts';
import { type Service, serviceOf } from '../findings/lanes.ts';
import { CUT_OFF_WORDS, GROUP_WORDS, MEMBER_WORDS, memberLetter, SERVICE_WORDS } from '../findings/marks.ts';
import type { ServiceState } from '../findings/stretches.ts';
import { nodesBesideTitle } from '../findings/subjects.ts';
import { groupBy } from '../grouping.ts';
import { clean, duration, fullClock, list, operationNoun } from '../words.ts';

const SERVICE_LEGEND: Readonly<Record<ServiceState, string>> = {
  up: 'ok',
  waits: 'waits = served late, but in time',
  degraded: 'limited = stale or reduced answers',
  down: 'FAILS',
  dark: 'dark = those who tried had no power themselves',
};

interface Column {
  readonly head: string;
  /** What the column holds at a moment that is one of its own or another column's changes. */
  readonly at: (us: number) => string;
  readonly changesUs: readonly number[];
}

/** Several lines, the last one ended; no control character but the line break. */
export function plainLanes(run: Run): string {
  const legend: string[] = [];
  const columns = [...systemColumns(run, legend), ...serviceColumns(serviceOf(run), legend)];
  const notes = notesOf(run);
  const moments = [...new Set([0, ...columns.flatMap((column) => column.changesUs), ...notes.keys()])]
    .filter((us) => us < run.durationUs || notes.has(us))
    .sort((a, b) => a - b);

  const rows: string[][] = [['time', ...columns.map((column) => column.head), '']];
  let before = '';
  for (const us of moments) {
    const cells = columns.map((column) => column.at(us));
    const note = (notes.get(us) ?? []).join('; ');
    // A change of term alone, of a candidate that nobody hears, is no change that shows.
    if (cells.join('\0') === before && note === '') continue;
    before = cells.join('\0');
    rows.push([fullClock(us), ...cells, note === '' ? '' : `! ${note}`]);
  }
  rows.push([fullClock(run.durationUs), ...columns.map(() => ''), 'end of the run']);
  return `${[...legend, '', ...aligned(rows)].join('\n')}\n`;
}

function systemColumns(run: Run, legend: string[]): Column[] {
  const used = new Set<string>();
  const columns: Column[] = [];
  for (const system of run.systems) {
    for (const group of system.groups) {
      const name = group === '' ? system.name : `${system.name}/${group}`;
      const members = run.members.filter((each) => each.system === system.name && each.group === group);
      const nodes = groupBy(members, (each) => each.node);
      const order = [...new Set([...system.members, ...nodes.keys()])].filter((node) => nodes.has(node));
      const tracks = order.map((node) => track(nodes.get(node)!, (each) => letters(each, used)));
      columns.push({
        head: clean(name),
        at: (us) => tracks.map((each) => each.at(us)).join(''),
        changesUs: tracks.flatMap((each) => each.changesUs),
      });
      const states = track(
        run.groups.filter((each) => each.system === system.name && each.group === group),
        groupCell,
      );
      columns.push({ head: 'quorum', ...states });
      legend.push(`${clean(name)}: one letter each for ${list(order.map(clean))}`);
    }
  }
  legend.push(
    'quorum: yes and the term of its leader; no leader; or NO, how many members are within reach, and how many it takes',
  );
  if (used.delete('cut off')) legend.push(`letters: ${letterWords(used)}, small = ${CUT_OFF_WORDS}`);
  else legend.push(`letters: ${letterWords(used)}`);
  return columns;
}

function letterWords(used: ReadonlySet<string>): string {
  return Object.entries(MEMBER_WORDS)
    .filter(([letter]) => used.has(letter))
    .map(([letter, word]) => `${letter} = ${word}`)
    .join(', ');
}

function letters(interval: MemberInterval, used: Set<string>): string {
  const letter = memberLetter(interval);
  used.add(letter);
  if (!interval.cutOff) return letter;
  used.add('cut off');
  return letter.toLowerCase();
}

function groupCell(group: GroupInterval): string {
  if (group.state === 'serving') return `yes t${group.term}`;
  return group.state === 'no-quorum' ? `NO ${group.reachable}/${group.quorum}` : GROUP_WORDS[group.state];
}

function serviceColumns({ lanes, dark }: Service, legend: string[]): Column[] {
  const columns = lanes.map((lane, i) => {
    const key = laneKey(i);
    const tried = `${clean(lane.system)} ${list(lane.operations.map(operationNoun))}`;
    legend.push(`${key}: ${tried}, tried from ${lane.where}`);
    return { head: key, ...track(lane.stretches, (stretch) => SERVICE_WORDS[stretch.state]) };
  });
  for (const [i, { where, spans }] of dark.entries()) {
    const key = laneKey(lanes.length + i);
    legend.push(`${key}: anything tried from ${where} itself; - = as the lanes before`);
    const lit = spans.map((span) => ({ fromUs: span.toUs, toUs: span.toUs, word: '-' }));
    const history = [...spans.map((span) => ({ ...span, word: SERVICE_WORDS.dark })), ...lit].sort(
      (a, b) => a.fromUs - b.fromUs,
    );
    columns.push({ head: key, ...track(history, (each) => each.word) });
  }
  const used = new Set([
    ...lanes.flatMap((lane) => lane.stretches.map((each) => each.state)),
    ...dark.map(() => 'dark'),
  ]);
  const words = Object.entries(SERVICE_LEGEND).filter(([state]) => used.has(state));
  legend.push(`states: ${words.map(([, word]) => word).join('; ')}`);
  return columns;
}

/** a, b, ... z, aa, ab, ... */
function laneKey(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : `${laneKey(Math.floor(index / 26) - 1)}${last}`;
}

/** The cells of one history, looked up by time. Intervals are in order and without overlap. */
function track<T extends { readonly fromUs: number; readonly toUs: number }>(
  intervals: readonly T[],
  cell: (interval: T) => string,
): { at: (us: number) => string; changesUs: number[] } {
  const changes: { fromUs: number; text: string }[] = [];
  for (const interval of intervals) {
    const text = cell(interval);
    if (changes.at(-1)?.text !== text) changes.push({ fromUs: interval.fromUs, text });
  }
  let next = 0;
  let text = '-';
  return {
    changesUs: changes.map((change) => change.fromUs),
    // Asked in the order of time.
    at: (us) => {
      while (next < changes.length && changes[next]!.fromUs <= us) text = changes[next++]!.text;
      return text;
    },
  };
}

/** Faults and failovers beside the moment at which they begin or end. */
function notesOf(run: Run): Map<number, string[]> {
  const notes = new Map<number, string[]>();
  const add = (us: number, note: string) => {
    const there = notes.get(us);
    if (there === undefined) notes.set(us, [note]);
    else there.push(note);
  };
  for (const fault of run.faults) {
    const nodes = nodesBesideTitle(run, fault, 4);
    const told = fault.hadEffect ? (nodes === '' ? '' : `: ${nodes}`) : ' (no effect)';
    add(fault.fromUs, `fault ${fault.number}, ${clean(fault.title)}${told}`);
    if (fault.toUs !== null && fault.toUs <= run.durationUs) add(fault.toUs, `fault ${fault.number} ends`);
  }
  for (const failover of run.failovers) {
    if (failover.recoveredUs === null) continue;
    add(
      failover.lostAtUs + failover.recoveredUs,
      `${clean(failover.system)} serves again after ${duration(failover.recoveredUs)}`,
    );
  }
  return notes;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padStart(widths[0]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
