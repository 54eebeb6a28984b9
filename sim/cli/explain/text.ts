/** An explanation for people: systems, what survives, what will happen, odds, cost. */
import picocolors from 'picocolors';
import { A_YEAR, aRun } from '../../../reports/svg/study/data.ts';
import { wrap } from '../../../reports/terminal/wrap.ts';
import {
  clean,
  count,
  duration,
  integer,
  list,
  listSome,
  operationNoun,
  percent,
} from '../../../reports/words.ts';
import type { LinkWarning } from '../../exact/link-check.ts';
import type { Range } from '../../exact/timers.ts';
import type { Assumption } from './assumptions.ts';
import { columnLines } from './columns.ts';
import {
  type Explanation,
  type OtherExplanation,
  P_NODE,
  P_ZONE,
  type SystemExplanation,
} from './explanation.ts';
import { lossTable } from './loss-table.ts';
import { timelineLines } from './timeline-text.ts';

export interface TextOptions {
  readonly color: boolean;
  readonly columns: number;
}

const COLUMNS_MIN = 60;
const COLUMNS_MAX = 110;

const NUMBERS: readonly string[] = ['none', 'one', 'two', 'three', 'four', 'five', 'six'];

/** Roughly what one core handles around faults; for a hint only. */
const EVENTS_PER_SECOND = 100_000;

export function explanationText(
  explanation: Explanation,
  options: TextOptions,
  assumptions: readonly Assumption[] = [],
): string {
  const paint = picocolors.createColors(options.color);
  const width = Math.max(COLUMNS_MIN, Math.min(COLUMNS_MAX, options.columns));
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `${paint.bold(title)}\n${lines.join('\n')}`;
  const { title, description } = explanation;
  return `${[
    `${paint.bold(clean(title))}${description === '' ? '' : `\n${wrap(clean(description).trim(), width, '', '')}`}`,
    section('Systems', [
      ...explanation.systems.flatMap((system) => systemLines(system, width)),
      ...explanation.others.flatMap((system) => otherLines(system, width)),
    ]),
    section('What the loss of each leaves (exact)', tableLines(explanation, width)),
    section('Warnings', warningLines(explanation, width)),
    section('What will happen', timelineLines(explanation, width)),
    section(
      'Availability (exact, by the failures of the scenario alone; elections come on top)',
      expectedLines(explanation),
    ),
    section(
      `Share of time with a quorum (exact), if each node is down ${percent(P_NODE)} of the time and each zone ${percent(P_ZONE)}`,
      oddsLines(explanation),
    ),
    section('The run', [costLine(explanation)]),
    section(
      'Assumed, for the scenario does not say',
      assumptions.map(({ path, value, source }) =>
        wrap(`${clean(path)} = ${clean(value)}: ${source}`, width, '  ', '      '),
      ),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function systemLines(system: SystemExplanation, width: number): string[] {
  const { members, learners, quorum, tolerates, votersByZone, timers, links } = system;
  const say = (text: string) => wrap(text, width, '    ', '    ');
  const where = list(votersByZone.map(({ zone, voters }) => `${voters} in ${clean(zone)}`));
  const lines = [
    `  ${clean(system.name)}: ${count(members.length, 'voter')}, ${quorum} ${quorum === 1 ? 'is' : 'are'} a quorum, ${
      tolerates === 0 ? 'none may fail' : `any ${NUMBERS[tolerates] ?? tolerates} may fail`
    }`,
    say(
      `${listSome(members.map(clean), 7)}: ${where}${learners.length === 0 ? '' : `; without a vote ${listSome(learners.map(clean), 5)}`}`,
    ),
    say(
      `profile ${clean(system.profile)}${system.changed ? ' (changed by the scenario)' : ''}: ${system.source}`,
    ),
  ];
  if (timers.kind === 'raft') {
    lines.push(
      say(
        `heartbeat ${duration(timers.heartbeatUs)}; without a leader a member campaigns after ${range(timers.electionUs)}${
          timers.meanDetectionUs === null
            ? ''
            : `, the first of them ${duration(Math.round(timers.meanDetectionUs))} after the loss on average`
        }; a leader without a quorum ${timers.stepDownUs === null ? 'never steps down' : `steps down after ${range(timers.stepDownUs)}`}`,
      ),
    );
  } else {
    lines.push(
      say(
        `heartbeat ${duration(timers.heartbeatUs)}; a killed server is noticed at once, one that falls silent after ${range(timers.silenceUs)}; then an election, where the Raft leader was lost, after ${range(timers.electionUs)}`,
      ),
    );
  }
  if (links.slowest !== null) {
    const { a, b, linkClass, rttP50Us, rttP99Us } = links.slowest;
    lines.push(
      say(
        `slowest pair ${clean(a)} and ${clean(b)} (${linkClass.replaceAll('-', ' ')}): RTT ${duration(rttP50Us)}, p99 ${duration(rttP99Us)}`,
      ),
    );
  }
  if (system.impact.length > 0) lines.push(say(`its loss takes away ${system.impact.join('; ')}`));
  return lines;
}

function otherLines({ name, profile, members, impact }: OtherExplanation, width: number): string[] {
  const say = (text: string) => wrap(text, width, '    ', '    ');
  return [
    `  ${clean(name)}: ${count(members.length, 'member')}, no votes: each goes by its own view (run it to see what users meet)`,
    say(`profile ${clean(profile)}`),
    ...(impact.length === 0 ? [] : [say(`its loss takes away ${impact.join('; ')}`)]),
  ];
}

function tableLines(explanation: Explanation, width: number): string[] {
  const { columns, rows } = lossTable(explanation.losses);
  if (columns.length === 0) return [];
  const lines = columnLines(
    [['lost', ...columns], ...rows.map((row) => [row.label, ...row.cells])],
    width - INDENT.length,
  ).map((line) => `${INDENT}${line}`);
  const mayChange = rows.some((row) => row.cells.some((cell) => cell.includes('or fails over')));
  return mayChange
    ? [...lines, `${INDENT}(a system fails over where its leader is among what is lost)`]
    : lines;
}

const INDENT = '  ';

/** Systems with the same trouble are named together. */
function warningLines(explanation: Explanation, width: number): string[] {
  const found = new Map<string, { names: string[]; say: (names: string) => string }>();
  const warn = (system: SystemExplanation, say: (names: string) => string) => {
    const same = found.get(say(''));
    if (same === undefined) found.set(say(''), { names: [clean(system.name)], say });
    else same.names.push(clean(system.name));
  };
  for (const system of explanation.systems) {
    const { members, singlePointsOfFailure, tolerates } = system;
    const all = members.length;
    if (all % 2 === 0) {
      warn(
        system,
        (names) =>
          `${names}: ${all} voters tolerate no more failures than ${all - 1} (${tolerates}), and are one more that can fail. Odd numbers are better (facts/consensus.md 2.23).`,
      );
    }
    for (const { level, place, voters, majority } of singlePointsOfFailure) {
      if (voters === all) continue;
      warn(
        system,
        (names) =>
          `${level} ${clean(place)} holds ${voters} of ${all} voters of ${names}${majority ? ', a majority' : ''}: without it the others are no quorum.`,
      );
    }
    for (const warning of system.links.warnings) warn(system, (names) => linkWarning(names, warning));
  }
  return [...found.values()].map(({ names, say }) => wrap(say(list(names)), width, '  - ', '    '));
}

function linkWarning(name: string, { rule, rttUs, timeoutUs }: LinkWarning): string {
  const [rtt, timeout] = [duration(rttUs), duration(timeoutUs)];
  switch (rule) {
    case 'rtt-reaches-election':
      return `${name}: the slowest pair is ${rtt} apart and the election time-out is ${timeout}: an election may never end, for a vote takes a round trip.`;
    case 'election-below-ten-rtt':
      return `${name}: the election time-out (${timeout}) is less than ten times the RTT of its slowest pair (${rtt}): etcd's tuning guide asks for ten (facts/consensus.md 2.21).`;
    case 'rtt-reaches-heartbeat':
      return `${name}: the RTT of its slowest pair (${rtt}) reaches the heartbeat interval (${timeout}): etcd's tuning guide asks for a heartbeat of about the RTT (facts/consensus.md 2.21).`;
  }
}

function expectedLines({ expected, toldBy }: Explanation): string[] {
  const unit = toldBy.kind === 'year' ? A_YEAR : aRun(toldBy.durationUs);
  return expected.map(({ system, operation, vantage, unavailability }) => {
    const name = `${clean(system)} ${operationNoun(operation)} from ${clean(vantage)}`;
    if (unavailability >= NEVER_SERVED) return `  ${name}: never, as the scenario stands`;
    return `  ${name}: ${percent(1 - unavailability)}, down ${duration(Math.round(unavailability * unit.us))} ${unit.words}`;
  });
}

/** With room for rounding. */
const NEVER_SERVED = 1 - 1e-9;

/** With made-up rates, of systems that have no answer by the scenario's own. */
function oddsLines(explanation: Explanation): string[] {
  const told = new Set(explanation.expected.map(({ system }) => system));
  const rows = new Map<string, { names: string[]; system: SystemExplanation }>();
  for (const system of explanation.systems) {
    if (told.has(system.name)) continue;
    const key = system.votersByZone.map(({ voters }) => voters).join();
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { names: [clean(system.name)], system });
    else row.names.push(clean(system.name));
  }
  return [...rows.values()].map(({ names, system }) => {
    const { odds, members, votersByZone } = system;
    const layout = votersByZone.map(({ voters }) => voters).join('+');
    return `  ${names.join(', ')}: ${percent(odds.zones.up)} as laid out over zones (${layout}); ${percent(odds.majority.up)} if zones never failed (majority of ${members.length})`;
  });
}

function costLine({ cost, objectives }: Explanation): string {
  const seconds = cost.events / EVENTS_PER_SECOND;
  const time = seconds < 1 ? 'less than a second' : `about ${duration(Math.round(seconds) * 1_000_000)}`;
  return `  ${duration(cost.modelTimeUs)} of model time with the warm-up, about ${integer(roundedTo2(cost.events))} events: ${time} (parked while nothing happens; ${integer(roundedTo2(cost.eventsUnparked))} one by one); ${count(objectives.length, 'objective')}`;
}

function roundedTo2(value: number): number {
  return Number(value.toPrecision(2));
}

export function range({ fromUs, toUs }: Range): string {
  const [from, to] = [duration(fromUs), duration(toUs)];
  const unit = / (\S+)$/.exec(to)?.[1];
  return unit !== undefined && from.endsWith(` ${unit}`) && from.split(' ').length === 2
    ? `${from.slice(0, -unit.length - 1)} to ${to}`
    : `${from} to ${to}`;
}
