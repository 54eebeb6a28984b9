/** Real Docker Swarm: a majority of the managers is lost, and later started again. */
import { SECOND } from '../../sim/kernel/time.ts';
import type { Figures } from './etcd-compare.ts';
import { anyGap, type Cluster, column, nodes, type Row, type Trial, trials } from './etcd-scenario.ts';

const AFTER_US = 60 * SECOND;

export function quorumLostTrials(
  cluster: Cluster,
  electionUs: number,
  rows: readonly Row[],
  leaderSurvives: boolean,
  count: number,
): Figures[] {
  const lost = Math.floor(cluster.members / 2) + 1;
  const holds = column(rows, 'hold_s').map((s) => s * SECOND);
  const restarted = column(rows, 'restarted_managers');
  return trials(count, cluster, electionUs, anyGap(electionUs), (lab, leader, index) => {
    const followers = lab.names.filter((one) => one !== leader);
    const killed = leaderSurvives
      ? lab.pick(followers, lost, 0)
      : [leader, ...lab.pick(followers, lost - 1, 0)];
    const back = lab.pick(killed, restarted[index % restarted.length] ?? 1, 20);
    const forUs = holds[index % holds.length] ?? 50 * SECOND;
    const trial = lab.run(
      killed.map((one) => ({
        atUs: lab.faultUs,
        forUs: back.includes(one) ? forUs : null,
        effect: { kind: 'kill', target: nodes([one]) },
      })),
      lab.faultUs + forUs + AFTER_US,
    );
    const survivor = lab.names.find((one) => !killed.includes(one))!;
    const backUs = lab.faultUs + Math.round(forUs);
    const after = trial.at(backUs);
    const seconds = (us: number | null) => (us === null ? null : us / SECOND);
    return {
      ...clients(trial, survivor, leaderSurvives, cluster),
      restart_to_leader_s: seconds(after.first('leader')),
      restart_to_write_ok_s: seconds(after.first('first-commit')),
      restart_to_read_ok_s: seconds(after.first('first-commit')),
    };
  });
}

/** What a client that asks again and again got from the survivor: each request is answered, or ends after 20 s. */
function clients(trial: Trial, survivor: string, leads: boolean, cluster: Cluster): Figures {
  const deadlineUs = (cluster.parameters as { readDeadlineUs?: number }).readDeadlineUs ?? 20 * SECOND;
  const stepDownUs = leads ? trial.first('step-down', survivor) : null;
  if (leads && stepDownUs === null) return {};
  const quorumKnownLostUs = refusedFrom(trial, survivor, stepDownUs);
  let askedUs = stepDownUs ?? 0;
  const firstErrorUs = Math.min(askedUs + deadlineUs, Math.max(askedUs, quorumKnownLostUs ?? Infinity));
  // Those that wait do so to their end; who asks afterwards is turned away at once.
  askedUs += deadlineUs;
  while (quorumKnownLostUs !== null && askedUs < quorumKnownLostUs) askedUs += deadlineUs;
  return {
    survivor_stepdown_s: stepDownUs === null ? null : stepDownUs / SECOND,
    reads_ok_until_s: stepDownUs === null ? null : stepDownUs / SECOND,
    first_read_error_s:
      (stepDownUs === null ? deadlineUs : Math.max(firstErrorUs, stepDownUs + deadlineUs)) / SECOND,
    no_leader_error_from_s: quorumKnownLostUs === null ? null : askedUs / SECOND,
    write1_reply_s: (stepDownUs ?? deadlineUs) / SECOND,
  };
}

const LOST_QUORUM_US = 10 * SECOND;

/** When the survivor begins to turn requests away: more than ten ticks after it last knew a leader. */
function refusedFrom(trial: Trial, survivor: string, stepDownUs: number | null): number | null {
  const leaderlessUs = stepDownUs ?? trial.first(['campaign', 'pre-campaign'], survivor);
  return leaderlessUs === null ? null : leaderlessUs + LOST_QUORUM_US;
}
