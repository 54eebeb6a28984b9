/** Real etcd: only the link between the leader and one follower is cut, and later healed. */
import type { Figures } from './etcd-compare.ts';
import { afterHeal } from './etcd-isolated.ts';
import { anyGap, type Cluster, trials } from './etcd-scenario.ts';

export function partialCutTrials(
  cluster: Cluster,
  electionUs: number,
  holdsUs: readonly number[],
  count: number,
): Figures[] {
  return trials(count, cluster, electionUs, anyGap(electionUs), (lab, leader, index) => {
    const [follower] = lab.pick(
      lab.names.filter((name) => name !== leader),
      1,
      0,
    );
    const forUs = holdsUs[index % holdsUs.length] ?? 60 * electionUs;
    const trial = lab.run(
      [
        {
          atUs: lab.faultUs,
          forUs,
          effect: {
            kind: 'cut',
            from: { kind: 'node', node: leader },
            to: { kind: 'node', node: follower! },
            direction: 'both',
          },
        },
      ],
      lab.faultUs + forUs + 15 * electionUs,
    );
    const healUs = lab.faultUs + Math.round(forUs);
    const alone = lab.run(
      [
        {
          atUs: lab.faultUs,
          forUs: null,
          effect: {
            kind: 'cut',
            from: { kind: 'node', node: leader },
            to: { kind: 'node', node: follower! },
            direction: 'both',
          },
        },
      ],
      healUs,
    );
    const inVain = alone.run.systems[0]!.campaigns - lab.campaignsBefore;
    const { heal_leader_changes, heal_campaigns, heal_to_all_agree_ms, heal_max_write_gap_ms, ...rest } =
      afterHeal(trial.at(healUs), leader);
    return {
      campaigns_by_cut_follower: inVain,
      lease_ignored_votes_by_third: inVain,
      old_leader_stepdowns: alone.events('step-down').length,
      leader_changes_during: alone.events('leader').length,
      heal_leader_changes: heal_leader_changes!,
      heal_campaigns: heal_campaigns!,
      heal_to_all_agree_ms: heal_to_all_agree_ms!,
      ...((cluster.parameters as { preVote: boolean }).preVote
        ? {}
        : { heal_max_write_gap_ms: heal_max_write_gap_ms! }),
      final_leader_same: rest.final_leader_same_as_majority_leader!,
    };
  });
}
