/** What would have prevented an outage or made it shorter, as far as the run itself shows it. */
import { effectsOf } from '../../sim/faults/life.ts';
import { causesOf } from '../../sim/kernel/trace.ts';
import type { Failover, Run } from '../../sim/run.ts';
import type { PlaceSpec } from '../../sim/world/topology.ts';
import { isWithin, parentsOf } from '../findings/dark.ts';
import { clean, clock, count, duration, list } from '../words.ts';
import { campaignOf, drawnTimer, isCampaign, specOf, timingOf } from './campaigns.ts';
import type { Lapse } from './lapses.ts';
import type { SystemOutage } from './outages.ts';
import { Witness } from './witness.ts';

export function remediesFor(run: Run, outage: SystemOutage): string[] {
  const found: string[] = [];
  for (const lapse of outage.lapses) {
    found.push(...quorumArithmetic(run, lapse));
    found.push(...deposed(run, lapse));
    found.push(...keptLeader(run, lapse));
    found.push(...waitingForTimers(run, lapse));
    found.push(...waitingForSilence(run, lapse));
    found.push(...lostRounds(run, lapse));
    found.push(...deadlines(run, outage, lapse));
  }
  return [...new Set(found)];
}

/** How many voters each failed place held, and what is left of a quorum without them. */
function quorumArithmetic(run: Run, lapse: Lapse): string[] {
  const spec = specOf(run, lapse.system);
  if (spec === undefined) return [];
  const voters = spec.members;
  const quorum = Math.floor(voters.length / 2) + 1;
  const parents = parentsOf(run);
  const lostQuorum = lapse.parts.find((part) => part.state === 'no-quorum');
  const places = placesDark(run, lapse).map((name) => ({
    name,
    held: voters.filter((voter) => isWithin(parents, voter, name)).length,
  }));
  const holding = places.filter(({ held }) => held > 0);
  const held = holding.reduce((sum, place) => sum + place.held, 0);
  const left = voters.length - held;
  const of = `${held} of ${count(voters.length, 'voter')}`;
  const names = list(holding.map(({ name }) => clean(name)));
  if (held > 0 && left >= quorum && lostQuorum === undefined) {
    const one = left === 1 ? 'the one left is' : `the ${left} left are`;
    return [
      `${names} held ${of}: ${one} a quorum, so the system came back by itself and did not have to wait for the ${placeWord(run, holding[0]!.name)}.`,
    ];
  }
  if (held > 0 && left < quorum) {
    const between = holding.length > 1 ? ' between them' : '';
    const short = `${names} held ${of}${between}, and without ${holding.length > 1 ? 'them' : 'it'} ${left} ${left === 1 ? 'is' : 'are'} left where ${quorum} are needed.`;
    if (holding.length === 1) return [`${short} ${betterSpread(run, names, voters.length)}`];
    const bears = voters.length - quorum;
    return [`${short} ${count(voters.length, 'voter')} bear the loss of ${bears} at a time.`];
  }
  if (lostQuorum === undefined) return [];
  const bears = voters.length - quorum;
  if (lostQuorum.reachable === 0) return ['Every voter was down at once: no number of voters bears that.'];
  return [
    `${count(voters.length, 'voter')} bear the loss of ${bears}: here ${voters.length - lostQuorum.reachable} could not be reached at once. ${voters.length + 2} voters in places that fail apart would bear ${bears + 1}.`,
  ];
}

/** The places without power while the lapse began or its quorum was missing. */
function placesDark(run: Run, lapse: Lapse): string[] {
  const atUs = (lapse.parts.find((part) => part.state === 'no-quorum') ?? lapse.parts[0]!).fromUs;
  return run.faults.flatMap((fault) => {
    const active = fault.hadEffect && fault.fromUs <= atUs && (fault.toUs ?? run.durationUs) > atUs;
    if (!active) return [];
    return effectsOf(run.scenario.faults, fault).flatMap((effect) =>
      'place' in effect ? [effect.place] : [],
    );
  });
}

function placeWord(run: Run, name: string): string {
  return run.scenario.world.places.find((place) => place.name === name)?.level ?? 'place';
}

/** Whether another spread over places of the same kind would bear the loss of one. */
function betterSpread(run: Run, name: string, voters: number): string {
  const { places, nodes } = run.scenario.world;
  const parents = parentsOf(run);
  const level = places.find((place) => place.name === name)?.level ?? 'zone';
  const alike = places.filter(
    (place: PlaceSpec) =>
      place.level === level && nodes.some((node) => isWithin(parents, node.name, place.name)),
  );
  const most = Math.ceil(voters / alike.length);
  const quorum = Math.floor(voters / 2) + 1;
  if (alike.length === 1)
    return `With a single ${level}, everything shares its fate: a second one is not enough, a third is.`;
  if (alike.length === 2) {
    return `Two ${level}s cannot bear the loss of either: one of them always holds at least half of the voters. A third ${level}, with one voter in it, would have kept a quorum.`;
  }
  if (voters - most < quorum)
    return `${count(voters, 'voter')} cannot bear the loss of ${most}; more voters are needed first.`;
  const named = alike.length <= 4 ? ` (${list(alike.map((place) => clean(place.name)))})` : '';
  return `Spread evenly over the ${alike.length} ${level}s${named}, at most ${most} would have stood in one, and any one of them could fail.`;
}

/** A leader that kept its quorum and was deposed all the same. */
function deposed(run: Run, lapse: Lapse): string[] {
  const timing = timingOf(run, lapse.system);
  if (lapse.lost === undefined || timing === undefined) return [];
  const campaign = causesOf(run.events, lapse.lost.id).find(isCampaign);
  if (campaign === undefined || !/higher term|step-down/.test(`${lapse.lost.detail} ${lapse.lost.event}`)) {
    const stepDown = causesOf(run.events, lapse.lost.id).find((event) => event.event === 'step-down');
    if (stepDown === undefined || campaign === undefined) return [];
  }
  const off = [timing.preVote ? '' : 'PreVote', timing.checkQuorum ? '' : 'CheckQuorum'].filter(
    (each) => each !== '',
  );
  const advice =
    off.length === 0
      ? 'PreVote and CheckQuorum are both on and did not prevent it.'
      : `${list(off)} ${off.length === 1 ? 'is' : 'are'} off here: ${
          timing.checkQuorum
            ? 'with PreVote it would have asked first and not raised the term.'
            : 'with either of them voters that hear their leader turn such a campaign away.'
        }`;
  return [
    `${clean(lapse.leaderBefore)} was healthy and reached a quorum; ${clean(campaign.node)} alone could not hear it, and its campaign raised the term. ${advice}`,
  ];
}

/** Most of a failover is waiting for a drawn timer. */
function waitingForTimers(run: Run, lapse: Lapse): string[] {
  const failover = failoverOf(run, lapse);
  const timing = timingOf(run, lapse.system);
  if (failover?.detectedUs === undefined || failover.detectedUs === null || timing === undefined) return [];
  const { detectedUs, recoveredUs } = failover;
  if (recoveredUs === null || recoveredUs === 0 || detectedUs < recoveredUs * 0.5) return [];
  const detected = run.events[(failover.detectedEvent ?? 0) - 1];
  const ticks = Number(/(\d+) ticks/.exec(detected?.detail ?? '')?.[1]);
  if (!Number.isFinite(ticks)) return [];
  if (lapse.parts.some((part) => part.state === 'no-quorum')) return [];
  const { electionTicks, tickUs } = timing;
  const most =
    detectedUs > recoveredUs * 0.95
      ? `All but ${duration(recoveredUs - detectedUs)} of the ${duration(recoveredUs)}`
      : `${duration(detectedUs)} of the ${duration(recoveredUs)}`;
  return [
    `${most} went by until a timer ran out: ${clean(detected!.node)} had drawn ${drawnTimer(run, lapse.system, ticks)}. The election time-out (${duration(electionTicks * tickUs)}) sets this; it must stay well above the round trip and the disk's fsync.`,
  ];
}

/** RethinkDB notices a silent peer by the heartbeats of its connections. */
function waitingForSilence(run: Run, lapse: Lapse): string[] {
  const spec = specOf(run, lapse.system);
  const recoveredUs = failoverOf(run, lapse)?.recoveredUs;
  if (spec?.kind !== 'rethink' || !recoveredUs) return [];
  const silence = run.events.findLast(
    (event) =>
      event.system === lapse.system &&
      event.event === 'connection-lost' &&
      event.timeUs >= lapse.fromUs &&
      event.timeUs <= lapse.toUs &&
      / silent for /.test(event.detail),
  );
  if (silence === undefined || silence.timeUs - lapse.fromUs < recoveredUs * 0.5) return [];
  const timeoutUs = spec.parameters.heartbeatTimeoutUs;
  return [
    `${duration(silence.timeUs - lapse.fromUs)} of the ${duration(recoveredUs)} went by until connections to ${clean(lapse.leaderBefore)} were given up as silent: with a heartbeat time-out of ${duration(timeoutUs)} that takes 1.4 to 1.6 times as long. The heartbeat time-out sets this.`,
  ];
}

export function failoverOf(run: Run, lapse: Lapse): Failover | undefined {
  return run.failovers.find((each) => each.system === lapse.system && each.lostAtUs === lapse.fromUs);
}

/** Split votes beyond this are no bad luck. */
const SPLITS_BY_CHANCE = 5;

/** A leader without a quorum that never stepped down, and kept those who hear it from campaigning. */
function keptLeader(run: Run, lapse: Lapse): string[] {
  const timing = timingOf(run, lapse.system);
  if (timing === undefined || timing.checkQuorum || lapse.lost === undefined) return [];
  if (lapse.parts[0]!.state !== 'no-leader' || /higher term/.test(lapse.lost.detail)) return [];
  if (lapse.toUs - lapse.fromUs < 3 * timing.electionTicks * timing.tickUs) return [];
  if (new Witness(run).conditionOf(lapse.leaderBefore, lapse.fromUs) !== '') return [];
  const gone = run.events.some(
    (event) =>
      event.node === lapse.leaderBefore &&
      event.timeUs >= lapse.fromUs &&
      event.timeUs <= lapse.toUs &&
      (event.event === 'node-down' || (event.event === 'step-down' && event.system === lapse.system)),
  );
  if (gone) return [];
  return [
    `${clean(lapse.leaderBefore)} reached no quorum and never stepped down, for CheckQuorum is off; whoever still hears it stays with it and does not campaign.`,
  ];
}

/** Campaigns in vain between the loss and the election, with their reasons. */
function lostRounds(run: Run, lapse: Lapse): string[] {
  const campaigns = run.events
    .filter(
      (event) =>
        event.system === lapse.system &&
        event.timeUs >= lapse.fromUs &&
        event.timeUs <= lapse.toUs &&
        isCampaign(event),
    )
    .map((event) => campaignOf(run, event))
    .filter((campaign) => !campaign.won);
  // Of many campaigns in a row the trace tells only some.
  const some = campaigns.some(({ event }) => / in a row\)$/.test(event.detail)) ? 'At least ' : '';
  const leases = campaigns.filter((campaign) => campaign.ignored.length > 0).length;
  const behind = campaigns.filter((campaign) =>
    campaign.refused.some(({ why }) => /log is behind/.test(why)),
  ).length;
  const split = campaigns.filter((campaign) =>
    campaign.refused.some(({ why }) => /voted for another/.test(why)),
  ).length;
  const found: string[] = [];
  if (leases > 0) {
    found.push(
      `${some}${count(leases, 'campaign')} failed because voters had heard from the leader within their lease (CheckQuorum): the price of not deposing a leader that is merely cut off from one member.`,
    );
  }
  if (split > SPLITS_BY_CHANCE) {
    found.push(
      `${some}${count(split, 'campaign')} failed on a split vote. So many are no chance: answers take longer than the time-outs of the members lie apart, because of slow disks or slow links.`,
    );
  } else if (split > 0)
    found.push(
      `${some}${count(split, 'campaign')} failed on a split vote: members timed out within one round trip of each other. Chance; a longer time-out makes it rarer.`,
    );
  if (behind > 0) {
    found.push(
      `${some}${count(behind, 'campaign')} failed because the candidate's log was behind a voter's: only a member that has everything committed may lead.`,
    );
  }
  return found;
}

/** Requests that failed for want of patience, and those that went to a leader that was gone. */
function deadlines(run: Run, outage: SystemOutage, lapse: Lapse): string[] {
  if (lapse.served === undefined) return [];
  const failed = outage.failed.filter(
    ({ stretch }) => stretch.fromUs < lapse.toUs && stretch.toUs < lapse.toUs,
  );
  const parameters = specOf(run, lapse.system)?.parameters as
    | { writeDeadlineUs?: number; readDeadlineUs?: number }
    | undefined;
  const impatient = [parameters?.writeDeadlineUs, parameters?.readDeadlineUs].find(
    (us) =>
      us !== undefined && failed.some(({ stretch }) => Math.abs(lapse.toUs - stretch.toUs - us) < 1_000),
  );
  const whole = duration(lapse.toUs - lapse.fromUs);
  if (impatient !== undefined) {
    return [
      `Requests waited for a leader, but no longer than ${duration(impatient)}: a client with the patience for ${whole} would have seen a slow answer instead of an error.`,
    ];
  }
  const failover = failoverOf(run, lapse);
  const noticedUs = lapse.fromUs + (failover?.detectedUs ?? Number.NaN);
  if (failed.some(({ stretch }) => Math.abs(stretch.toUs - noticedUs) < 1_000)) {
    return [
      `Until ${clock(noticedUs)} members passed requests on to the leader that was gone, and those were lost; from then on they held them back for the new one. A client that tries again, for ${whole}, loses nothing.`,
    ];
  }
  return [];
}
