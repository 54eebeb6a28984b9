/** Real etcd: most members are killed; one comes back later, and the quorum with it. */
import { MILLISECOND, SECOND } from '../../sim/kernel/time.ts';
import type { Comparison } from './comparison.ts';
import { compareColumns, type Figures } from './etcd-compare.ts';
import { anyGap, type Cluster, column, nodes, type Row, trials } from './etcd-scenario.ts';
import { judgeFigures } from './judge.ts';

const MS = 1_000;

export function compareQuorumLost(
  name: string,
  source: string,
  rows: readonly Row[],
  cluster: Cluster,
  electionUs: number,
  count: number,
): Comparison[] {
  const simulated = quorumLostTrials(cluster, electionUs, rows, count);
  return [
    ...compareColumns(name, source, rows, simulated, { unit: 'ms', resolution: {} }),
    ...(column(rows, 'put_tried').length > 0 ? clients(name, source, rows, cluster, simulated) : []),
  ];
}

function quorumLostTrials(
  cluster: Cluster,
  electionUs: number,
  rows: readonly Row[],
  count: number,
): Figures[] {
  const lost = Math.floor(cluster.members / 2) + 1;
  const losses = column(rows, 'loss_ms').map((ms) => ms * MILLISECOND);
  const survives = column(rows, 'leader_survives');
  return trials(count, cluster, electionUs, anyGap(electionUs), (lab, leader, index) => {
    const leaderSurvives = (survives[index % survives.length] ?? index % 2) === 1;
    const followers = lab.names.filter((one) => one !== leader);
    const killed = leaderSurvives
      ? lab.pick(followers, lost, 0)
      : [leader, ...lab.pick(followers, lost - 1, 0)];
    const [first] = lab.pick(killed, 1, 20);
    const forUs = losses[index % losses.length] ?? 14 * SECOND;
    const trial = lab.run(
      killed.map((one) => ({
        atUs: lab.faultUs,
        forUs: one === first ? forUs : null,
        effect: { kind: 'kill', target: nodes([one]) },
      })),
      lab.faultUs + forUs + 10 * electionUs,
    );
    const backUs = lab.faultUs + Math.round(forUs);
    const after = trial.at(backUs);
    const leaderUs = after.first('leader');
    const writeUs = after.first('first-commit');
    const stepDownUs = trial.first('step-down', leader);
    const survivor = lab.names.find((one) => !killed.includes(one))!;
    const share = (operation: string, states: readonly string[]) =>
      trial.run.availability
        .filter(
          (one) => one.vantage === survivor && one.operation === operation && states.includes(one.state),
        )
        .reduce(
          // Requests that begin so late that they meet the returned quorum are not among those that were counted.
          (us, one) =>
            us + Math.max(0, Math.min(one.toUs, backUs - 7 * SECOND) - Math.max(one.fromUs, lab.faultUs)),
          0,
        ) /
      (backUs - 7 * SECOND - lab.faultUs);
    return {
      t_stepdown_ms: leaderSurvives && stepDownUs !== null ? stepDownUs / MS : null,
      campaigns_by_survivors: trial.events('campaign', backUs).length,
      t_leader_after_first_restart_ms: leaderUs === null ? null : leaderUs / MS,
      t_write_after_first_restart_ms: writeUs === null ? null : (writeUs + 2 * cluster.oneWayUs) / MS,
      served_writes: share('write', ['up']),
      served_local_reads: share('read', ['up', 'degraded']),
      served_linearizable_reads: share('read', ['up']),
    };
  });
}

/** What clients got while the quorum was lost. */
function clients(
  name: string,
  source: string,
  rows: readonly Row[],
  cluster: Cluster,
  simulated: readonly Figures[],
): Comparison[] {
  const total = (of: string) => column(rows, of).reduce((a, b) => a + b, 0);
  const average = (of: string) =>
    simulated.reduce((sum, figures) => sum + (figures[of] ?? 0), 0) / simulated.length;
  const deadlineMs = (cluster.parameters as { writeDeadlineUs: number }).writeDeadlineUs / MS;
  return [
    judgeFigures(
      { name: `${name}/clients`, source, unit: '' },
      { measured: rows.length, predicted: simulated.length },
      'shares of requests that were served: equal; an error comes when the request time-out ends, within 10 ms',
      {
        'puts served': {
          measured: total('put_ok_during_loss') / total('put_tried'),
          predicted: average('served_writes'),
          allowed: 0.001,
        },
        'serializable reads served': {
          measured: total('serializable_ok') / total('serializable_tried'),
          predicted: average('served_local_reads'),
          allowed: 0.001,
        },
        'linearizable reads served': {
          measured: total('linearizable_ok') / total('linearizable_tried'),
          predicted: average('served_linearizable_reads'),
          allowed: 0.001,
        },
        'put error after, ms': {
          measured: Math.min(...column(rows, 'put_err_latency_ms_min')),
          predicted: deadlineMs,
          allowed: 10,
        },
        'linearizable error after, ms': {
          measured: Math.min(...column(rows, 'linearizable_err_latency_ms_min')),
          predicted: deadlineMs,
          allowed: 10,
        },
      },
    ),
  ];
}
