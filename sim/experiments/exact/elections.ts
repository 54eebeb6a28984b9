/** How long elections take, from a system's constants: what a simulation adds to an answer by failures alone. */
import { type Timers, timersOf } from '../../exact/timers.ts';
import type { VotingSpec } from '../../systems/system-spec.ts';

export interface ElectionTimes {
  /** How much of the end of an outage a request may wait out; 0 where requests without a quorum are refused. */
  readonly patienceUs: number;
  /** From the loss of a leader to the next, in the mean and with a second round. */
  readonly failoverMeanUs: number;
  readonly failoverMostUs: number;
  /** From the return of a quorum to the next leader. */
  readonly againMeanUs: number;
  readonly againMostUs: number;
}

export function electionTimes(spec: VotingSpec, operation: string): ElectionTimes {
  const { writeDeadlineUs, readDeadlineUs } = spec.parameters;
  // Scheduling is the leader's own work: nobody waits for it.
  const deadlineUs = operation === 'write' ? writeDeadlineUs : operation === 'read' ? readDeadlineUs : 0;
  const timers = timersOf(spec);
  const [detectionUs, silenceUs] = detection(timers);
  const { fromUs, toUs } = timers.electionUs;
  const middleUs = (fromUs + toUs) / 2;
  return {
    // RethinkDB refuses at once what it cannot serve.
    patienceUs: spec.kind === 'rethink' ? 0 : deadlineUs,
    failoverMeanUs: detectionUs,
    failoverMostUs: silenceUs + 2 * toUs,
    againMeanUs: middleUs,
    againMostUs: silenceUs + 2 * toUs,
  };
}

/** Mean time until somebody campaigns, and the longest silence before anybody counts down to it. */
function detection(timers: Timers): [meanUs: number, silenceUs: number] {
  if (timers.kind === 'raft') {
    const { fromUs, toUs } = timers.electionUs;
    return [timers.meanDetectionUs ?? (fromUs + toUs) / 2, timers.heartbeatUs];
  }
  const { silenceUs, electionUs } = timers;
  return [
    (silenceUs.fromUs + silenceUs.toUs) / 2 + (electionUs.fromUs + electionUs.toUs) / 2,
    silenceUs.toUs,
  ];
}
