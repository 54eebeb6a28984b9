/** Real Docker Swarm: the leader or a follower is cut off and later healed. */
import { SECOND } from '../../sim/kernel/time.ts';
import type { Figures } from './etcd-compare.ts';
import { elected } from './etcd-killed.ts';
import { anyGap, type Cluster, nodes, type Trial, trials } from './etcd-scenario.ts';
import { secondsOf } from './swarm-killed.ts';

const AFTER_HEAL_US = 120 * SECOND;
/** Between what the script waited for and the heal. */
const SCRIPT_US = 0.1 * SECOND;
/** A cut follower is healed so long after the time that was asked for. */
const FOLLOWER_SCRIPT_US = 0.51 * SECOND;

export function cutTrials(
  cluster: Cluster,
  electionUs: number,
  target: 'leader' | 'follower',
  holdUs: number,
  count: number,
): Figures[] {
  return trials(count, cluster, electionUs, anyGap(electionUs), (lab, leader) => {
    const followers = lab.names.filter((name) => name !== leader);
    const cut = target === 'leader' ? leader : lab.pick(followers, 1, 0)[0]!;
    const others = lab.names.filter((name) => name !== cut);
    const effect = { kind: 'isolate', target: nodes([cut]) } as const;
    const forUs =
      target === 'follower'
        ? holdUs + FOLLOWER_SCRIPT_US
        : settledAfter(
            lab.run([{ atUs: lab.faultUs, forUs: null, effect }], lab.faultUs + 12 * electionUs),
            leader,
          ) +
          holdUs +
          SCRIPT_US;
    if (!Number.isFinite(forUs)) return null;
    const trial = lab.run([{ atUs: lab.faultUs, forUs, effect }], lab.faultUs + forUs + AFTER_HEAL_US);
    const healUs = lab.faultUs + Math.round(forUs);
    return {
      ...(target === 'leader' ? whileCut(trial, leader, others, healUs, cluster) : {}),
      ...afterHeal(trial, trial.at(healUs), cut, others, leader),
    };
  });
}

/** The script held on from when there was a new leader and the old one had given up. */
function settledAfter(trial: Trial, leader: string): number {
  const elected = trial.events('leader').find(({ node }) => node !== leader);
  const stepDownUs = trial.first('step-down', leader);
  if (elected === undefined || stepDownUs === null) return Number.NaN;
  return Math.max(elected.timeUs - trial.fromUs, stepDownUs);
}

function whileCut(
  trial: Trial,
  leader: string,
  others: readonly string[],
  healUs: number,
  cluster: Cluster,
): Figures {
  const figures = elected(trial, others, 2 * cluster.oneWayUs);
  const stepDownUs = trial.first('step-down', leader);
  if (figures === null || stepDownUs === null) return {};
  const { first_campaign_s, became_leader_s, campaigns } = secondsOf(figures);
  const readsUntilUs = trial.run.availability
    .filter(({ vantage, operation, state }) => vantage === leader && operation === 'read' && state !== 'down')
    .filter(({ fromUs, toUs }) => fromUs < healUs && toUs > trial.fromUs)
    .map(({ toUs }) => toUs)[0];
  return {
    first_campaign_others_s: first_campaign_s!,
    new_leader_s: became_leader_s!,
    campaigns_others: campaigns!,
    old_leader_stepdown_s: stepDownUs / SECOND,
    old_leader_reads_ok_until_s: readsUntilUs === undefined ? null : (readsUntilUs - trial.fromUs) / SECOND,
    // A write handed to it waits until it gives up ("node lost leader status").
    old_leader_write_reply_s: stepDownUs / SECOND,
    write_ok_others_s: (figures.t_write_ms as number) / 1_000,
    overlap_s: Math.max(0, stepDownUs / SECOND - became_leader_s!),
  };
}

/** Until the first leader that stays: who is elected and deposed again within seconds is not one. */
const STABLE_US = 5 * SECOND;

function afterHeal(
  whole: Trial,
  trial: Trial,
  cut: string,
  others: readonly string[],
  oldLeader: string,
): Figures {
  const before =
    whole
      .events('leader', trial.fromUs)
      .filter(({ node }) => others.includes(node))
      .at(-1)?.node ?? oldLeader;
  const deposedUs = trial.first('step-down', before);
  const leaders = trial.events('leader');
  const stable = leaders.find(
    ({ node, timeUs }) => trial.at(timeUs).events('step-down', timeUs + STABLE_US, node).length === 0,
  );
  const follows = trial.events('follower').find(({ node }) => node === cut);
  const deposed = deposedUs !== null;
  const stableUs = stable === undefined ? null : stable.timeUs - trial.fromUs;
  return {
    isolated_campaigns_before_heal: whole.events('campaign', trial.fromUs, cut).length,
    leader_deposed: deposed ? 1 : 0,
    heal_disrupted: deposed ? 1 : 0,
    heal_to_deposed_s: deposed ? deposedUs / SECOND : null,
    heal_stepdown_s: deposed ? deposedUs / SECOND : null,
    heal_to_stable_leader_s: deposed && stableUs !== null ? stableUs / SECOND : null,
    outage_s: deposed && stableUs !== null ? (stableUs - deposedUs) / SECOND : null,
    campaigns_in_outage:
      deposed && stable !== undefined
        ? trial.at(trial.fromUs + deposedUs).events('campaign', stable.timeUs).length
        : 0,
    heal_isolated_follows_s:
      deposed || follows === undefined ? null : (follows.timeUs - trial.fromUs) / SECOND,
  };
}
