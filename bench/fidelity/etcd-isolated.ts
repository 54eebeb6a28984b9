/** Real etcd: the leader, or several members together, cut off both ways and later healed. */
import type { Figures } from './etcd-compare.ts';
import { elected } from './etcd-killed.ts';
import { anyGap, type Cluster, column, nodes, type Row, type Trial, trials } from './etcd-scenario.ts';

const MS = 1_000;
/** Clients there gave up after 1 s, and those that began too late to end before the heal are not counted. */
const CLIENT_TIMEOUT_US = 1_000 * MS;
const AFTER_HEAL_ELECTIONS = 15;

export interface Isolation {
  readonly electionMs: number;
  readonly isolated: number;
  readonly withLeader: boolean;
}

/** Columns that the measured rows hold in parts. */
export const ISOLATED_DERIVED: Readonly<Record<string, (row: Row) => number | null>> = {
  overlap_ms: (row) => {
    if (!row.t_stepdown_old_leader_ms || !row.t_elect_ms) return null;
    return Math.max(0, Number(row.t_stepdown_old_leader_ms) - Number(row.t_elect_ms));
  },
  old_puts_ok_share: (row) => shareOf(row.old_puts_ok, row.old_puts_tried),
  old_serializable_ok_share: (row) => shareOf(row.old_serializable_ok, row.old_serializable_tried),
  old_linearizable_ok_share: (row) => shareOf(row.old_linearizable_ok, row.old_linearizable_tried),
};

function shareOf(ok: string | undefined, tried: string | undefined): number | null {
  return !ok || !tried || Number(tried) === 0 ? null : Number(ok) / Number(tried);
}

export function isolatedTrials(
  cluster: Cluster,
  isolation: Isolation,
  rows: readonly Row[],
  count: number,
): Figures[] {
  const electionUs = isolation.electionMs * MS;
  const holdsUs = column(rows, 'hold_ms').map((ms) => ms * MS);
  const measuredGaps = gapsOf(rows, electionUs);
  const gaps = measuredGaps.length > 0 ? measuredGaps : anyGap(electionUs);
  return trials(count, cluster, electionUs, gaps, (lab, leader, index) => {
    const followers = lab.names.filter((name) => name !== leader);
    const cut = isolation.withLeader
      ? [leader, ...lab.pick(followers, isolation.isolated - 1, 0)]
      : lab.pick(followers, isolation.isolated, 0);
    const forUs = holdsUs[index % holdsUs.length] ?? (6 + 3 * lab.draw(99)) * 1_000_000;
    const trial = lab.run(
      [{ atUs: lab.faultUs, forUs, effect: { kind: 'isolate', target: nodes(cut) } }],
      lab.faultUs + forUs + AFTER_HEAL_ELECTIONS * electionUs,
    );
    const majority = lab.names.filter((name) => !cut.includes(name));
    const healUs = lab.faultUs + Math.round(forUs);
    // The probers' writes count as words of the leader, which the measured heartbeat ages leave out.
    const {
      hb_age_at_kill_ms: _age,
      campaign_after_last_hb_ms: _after,
      ...election
    } = isolation.withLeader ? (elected(trial, majority, 2 * cluster.oneWayUs) ?? {}) : {};
    const figures: Record<string, number | null> = {
      ...election,
      ...(isolation.withLeader ? whileCut(trial, leader, cut, healUs) : {}),
      isolated_campaigns_before_heal: trial
        .events('campaign', healUs)
        .filter(({ node }) => cut.includes(node)).length,
      ...afterHeal(trial.at(healUs), lastLeader(trial, majority, healUs) ?? leader),
    };
    if ('rounds' in figures) figures.campaigns_majority = figures.rounds!;
    return figures;
  });
}

/** From the election that ended one trial to the cut that began the next: the leader's checks of its quorum keep time with it. */
function gapsOf(rows: readonly Row[], electionUs: number): number[] {
  return rows.slice(1).flatMap((row, i) => {
    const before = rows[i]!;
    const [cut, last, hold, elected] = [
      row.cut_epoch,
      before.cut_epoch,
      before.hold_ms,
      before.heal_new_leader_ms,
    ];
    if (!cut || !last || !hold || !elected) return [];
    const gapUs = (Number(cut) - Number(last)) * 1e6 - (Number(hold) + Number(elected)) * MS;
    return gapUs > electionUs && gapUs < 20 * electionUs ? [gapUs] : [];
  });
}

function lastLeader(trial: Trial, majority: readonly string[], healUs: number): string | null {
  return (
    trial
      .events('leader', healUs)
      .filter(({ node }) => majority.includes(node))
      .at(-1)?.node ?? null
  );
}

/** The old leader and what its clients, on an interface of their own, got from it. */
function whileCut(trial: Trial, leader: string, cut: readonly string[], healUs: number): Figures {
  const stepDownUs = trial.first('step-down', leader);
  const elsewhere = trial.events('leader', healUs).find(({ node }) => !cut.includes(node));
  const own = (operation: string, states: readonly string[]) => {
    let us = 0;
    for (const one of trial.run.availability) {
      if (one.vantage !== leader || one.operation !== operation || !states.includes(one.state)) continue;
      us += Math.max(0, Math.min(one.toUs, healUs - CLIENT_TIMEOUT_US) - Math.max(one.fromUs, trial.fromUs));
    }
    return us / (healUs - CLIENT_TIMEOUT_US - trial.fromUs);
  };
  return {
    t_stepdown_old_leader_ms: stepDownUs === null ? null : stepDownUs / MS,
    overlap_ms:
      stepDownUs === null || elsewhere === undefined
        ? null
        : Math.max(0, stepDownUs - (elsewhere.timeUs - trial.fromUs)) / MS,
    old_puts_ok_share: own('write', ['up']),
    old_serializable_ok_share: own('read', ['up', 'degraded']),
    old_linearizable_ok_share: own('read', ['up']),
  };
}

/** What the heal does to a healthy leader. */
export function afterHeal(trial: Trial, leader: string): Figures {
  const leaders = trial.events('leader');
  const last = leaders.at(-1);
  const steppedDownUs = trial.first('step-down', leader);
  const failovers = trial.run.failovers.filter(({ lostAtUs }) => lostAtUs >= trial.fromUs);
  const follows = trial.events('follower');
  const settledUs = Math.max(...[...leaders, ...follows].map(({ timeUs }) => timeUs));
  const outageUs = failovers.reduce((most, { recoveredUs }) => Math.max(most, recoveredUs ?? 0), 0);
  return {
    heal_leader_changes: leaders.length,
    heal_campaigns: trial.events('campaign').length,
    heal_leader_stepped_down_ms: steppedDownUs === null ? null : steppedDownUs / MS,
    heal_new_leader_ms: last === undefined ? null : (last.timeUs - trial.fromUs) / MS,
    heal_to_all_agree_ms: Number.isFinite(settledUs) ? (settledUs - trial.fromUs) / MS : null,
    heal_max_write_gap_ms: outageUs === 0 ? null : outageUs / MS,
    final_leader_same_as_majority_leader: (last?.node ?? leader) === leader ? 1 : 0,
  };
}
