/** Real etcd: the leader is killed. */
import type { Figures } from './etcd-compare.ts';
import { type Cluster, kills, type Trial } from './etcd-scenario.ts';

const MS = 1_000;

export function killedTrials(cluster: Cluster, electionUs: number, count: number): Figures[] {
  return kills(count, cluster, electionUs, (trial, survivors) =>
    elected(trial, survivors, 2 * cluster.oneWayUs),
  );
}

/** What the survivors (or the majority) did until they had a leader that served. */
export function elected(trial: Trial, survivors: readonly string[], roundTripUs: number): Figures | null {
  const failover = trial.run.failovers.find(({ lostAtUs }) => lostAtUs >= trial.fromUs);
  const leaderEvent = trial.events('leader').find(({ node }) => survivors.includes(node));
  if (failover === undefined || leaderEvent === undefined) return null;
  const electedUs = leaderEvent.timeUs;
  const campaigns = trial
    .events(['campaign', 'pre-campaign'], electedUs)
    .filter(({ node, detail }) => survivors.includes(node) && !detail.startsWith('a majority would'));
  const terms = new Set(
    trial.events('campaign', electedUs).flatMap(({ node, term }) => (survivors.includes(node) ? [term] : [])),
  );
  const ignored = trial
    .events(['vote-ignored', 'pre-vote-ignored'], electedUs)
    .filter(({ node }) => survivors.includes(node));
  const serving = trial.events('first-commit').find(({ node }) => node === leaderEvent.node);
  const know = trial
    .events('follower')
    .filter(({ node, term }) => survivors.includes(node) && term === leaderEvent.term);
  const first = campaigns[0];
  const heardAgo = /last heard ([\d.]+) s before/.exec(first?.detail ?? '')?.[1];
  const firstUs = first === undefined ? null : first.timeUs - trial.fromUs;
  return {
    t_elect_ms: (electedUs - trial.fromUs) / MS,
    // The prober's put travels once more after the first commit.
    t_write_ms: serving === undefined ? null : (serving.timeUs + roundTripUs - trial.fromUs) / MS,
    rounds: campaigns.length,
    terms: terms.size,
    lease_ignored_votes: ignored.length,
    t_first_campaign_ms: firstUs === null ? null : firstUs / MS,
    all_survivors_know_ms:
      know.length === 0
        ? null
        : (Math.max(electedUs, ...know.map(({ timeUs }) => timeUs)) - trial.fromUs) / MS,
    campaign_after_last_hb_ms: heardAgo === undefined ? null : Number(heardAgo) * 1000,
    hb_age_at_kill_ms:
      heardAgo === undefined || firstUs === null ? null : Number(heardAgo) * 1000 - firstUs / MS,
  };
}
