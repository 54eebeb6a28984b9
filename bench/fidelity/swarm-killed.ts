/** Real Docker Swarm: the leader is killed. */
import { SECOND } from '../../sim/kernel/time.ts';
import type { Figures } from './etcd-compare.ts';
import { elected } from './etcd-killed.ts';
import { type Cluster, kills } from './etcd-scenario.ts';

const PROXY_POLL_US = SECOND / 2;

export function killedTrials(cluster: Cluster, electionUs: number, count: number): Figures[] {
  return kills(count, cluster, electionUs, (trial, survivors) => {
    const figures = elected(trial, survivors, 2 * cluster.oneWayUs);
    const servingUs = trial.first('first-commit');
    if (figures === null || servingUs === null) return null;
    return {
      ...secondsOf(figures),
      write_ok_par_s: servingUs / SECOND,
      // A write that has been waiting since the kill is served when the proxy next looks for a leader.
      write_ok_seq_s: (Math.ceil(servingUs / PROXY_POLL_US) * PROXY_POLL_US) / SECOND,
    };
  });
}

/** The columns of an election as the Swarm files name them. */
export function secondsOf(figures: Figures): Figures {
  const seconds = (name: string) => {
    const ms = figures[name];
    return ms === null || ms === undefined ? null : ms / 1_000;
  };
  return {
    first_campaign_s: seconds('t_first_campaign_ms'),
    campaigns: figures.rounds ?? null,
    became_leader_s: seconds('t_elect_ms'),
  };
}
