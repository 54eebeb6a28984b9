/**
 * What a year of one Raft group costs in zonefall, and in a plain SimPy program of the same model (peers/raft_group.py):
 * five members, a fault about once a fortnight. Processor seconds of one core. SimPy, and zonefall event by event, are
 * measured on hours and scaled to the year: the cost is that of heartbeats, whether anything fails or not. That both answer
 * the same question is held in a hurried life, where an hour brings hundreds of failures: the share of the time without
 * service, with its 95 % interval.
 */
import { meanInterval } from '../sim/experiments/statistics/index.ts';
import { HOUR, YEAR } from '../sim/kernel/time.ts';
import {
  A_FAULT_A_FORTNIGHT,
  type Answers,
  downShares,
  HURRIED,
  inSimpy,
  inZonefall,
  type RaftGroupModel,
} from './peers/raft-group.ts';
import { NO_SIMPY, pythonWithSimpy } from './peers/simpy.ts';
import { median, type Section } from './section.ts';

const HOURS_EVENT_BY_EVENT = 8;
const RUNS = 5;
const RUNS_OF_A_YEAR = 100;
const HURRIED_RUNS = 24;
/** One message in ten thousand: SimPy pays nothing more for it, parking does. */
const LOSS = 1e-4;

export async function peersSection(): Promise<Section> {
  const python = pythonWithSimpy();
  const hour = A_FAULT_A_FORTNIGHT;
  const hours = { ...hour, durationUs: HOURS_EVENT_BY_EVENT * HOUR };
  const year = { ...hour, durationUs: YEAR };
  const lossy = { ...year, loss: LOSS };
  const hurried = { runs: HURRIED_RUNS, seed: 1 };
  const simpyS = python === null ? null : perYear(inSimpy(python, hour, { runs: RUNS, seed: 1 }), hour);
  const rows: [name: string, seconds: number, share: string][] = [
    [
      'zonefall, event by event',
      perYear(inZonefall(hours, { runs: RUNS, seed: 1, everyEvent: true }), hours),
      share(inZonefall(HURRIED, { ...hurried, everyEvent: true })),
    ],
    [
      'zonefall',
      perYear(inZonefall(year, { runs: RUNS_OF_A_YEAR, seed: 1 }), year),
      share(inZonefall(HURRIED, hurried)),
    ],
    [
      `zonefall, a message of ${1 / LOSS} lost`,
      perYear(inZonefall(lossy, { runs: RUNS_OF_A_YEAR, seed: 1 }), lossy),
      '',
    ],
  ];
  if (python !== null && simpyS !== null) {
    rows.unshift(['SimPy, plain program', simpyS, share(inSimpy(python, HURRIED, hurried))]);
  }
  return {
    title:
      'Peers: one simulated year of a Raft group of five with a fault about once a fortnight (processor seconds)',
    goal: 'the same answer; the ratio for one year',
    head: ['', 'a year', 'times SimPy', 'without service, hurried life'],
    rows: [
      ...(simpyS === null ? [['SimPy, plain program', 'skipped', '', NO_SIMPY]] : []),
      ...rows.map(([name, seconds, down]) => [
        name,
        seconds < 10 ? seconds.toPrecision(2) : Math.round(seconds).toLocaleString('en'),
        simpyS === null ? '' : Number((simpyS / seconds).toPrecision(2)).toLocaleString('en'),
        down,
      ]),
    ],
  };
}

/** The median; the first of the runs, which warm the engine up, do not change it. */
function perYear({ cpuS }: Answers, { durationUs, warmUpUs }: RaftGroupModel): number {
  return (median(cpuS) * YEAR) / (durationUs + warmUpUs);
}

function share(answers: Answers): string {
  const { estimate, lower, upper } = meanInterval(downShares(answers, HURRIED));
  const percent = (value: number) => (value * 100).toFixed(2);
  return `${percent(estimate)} % (${percent(lower)} to ${percent(upper)})`;
}
