/**
 * Turns what the state machines observe into trace events with their true causes: who campaigned because whose silence,
 * who voted for whom or ignored whom, who stepped down at whose message.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import type { Observation } from '../../protocols/raft/index.ts';
import type { World } from '../../world/world.ts';
import type { GroupCounts } from '../system.ts';
import type { Member } from './member.ts';

/** Campaigns whose answers may still come. */
const ASKED_KEPT = 8;

/** Of a candidate without a chance every campaign counts, but only these are told: the first ones, then powers of two. */
const TOLD_CAMPAIGNS = 16;

export interface ChronicleListener {
  campaign(member: Member, term: number, event: TraceId): void;
  elected(member: Member, term: number, event: TraceId): void;
}

type RoleTaken = Extract<Observation, { kind: 'role' }>;
type VoteAnswered = Extract<Observation, { kind: 'vote' }>;

export class Chronicle {
  readonly counts: GroupCounts = { campaigns: 0, elections: 0, highestTerm: 0, splitVotes: 0 };
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #system: string;
  readonly #members: readonly Member[];
  readonly #listener: ChronicleListener;
  /** By member: its latest campaign, whether that one was told, its latest role event, campaigns since it last had a leader. */
  readonly #campaignEvent: TraceId[] = [];
  readonly #campaignTold: boolean[] = [];
  /** By member: the events in which it asked for votes, by term; for pre-votes under minus the term. The latest few. */
  readonly #asked: Map<number, TraceId>[] = [];
  readonly #roleEvent: TraceId[] = [];
  readonly #lonely: number[] = [];
  /** By member: the leader it last knew, and what its campaigns go back to. */
  readonly #lastLead: number[] = [];
  readonly #trouble: TraceId[] = [];
  /** The latest change of the network or return of a node. */
  #worldCause: TraceId = NO_CAUSE;
  #worldChangedUs = Number.NEGATIVE_INFINITY;

  constructor(
    kernel: Kernel,
    world: World,
    system: string,
    members: readonly Member[],
    listener: ChronicleListener,
  ) {
    this.#kernel = kernel;
    this.#world = world;
    this.#system = system;
    this.#members = members;
    this.#listener = listener;
    this.restart();
  }

  /** The trace begins anew: nothing recorded before may be named as a cause. */
  restart(): void {
    for (let id = 0; id <= this.#members.length; id++) {
      this.#campaignEvent[id] = this.#roleEvent[id] = this.#trouble[id] = NO_CAUSE;
      this.#campaignTold[id] = true;
      this.#asked[id] = new Map();
      this.#lonely[id] = 0;
      this.#lastLead[id] = this.#members[id - 1]?.raft.lead ?? 0;
    }
    this.#worldCause = NO_CAUSE;
    Object.assign(this.counts, { campaigns: 0, elections: 0, splitVotes: 0 });
    this.counts.highestTerm = Math.max(0, ...this.#members.map((member) => member.raft.term));
  }

  /** A heal or a return gives candidates a chance again: their campaigns are told anew. */
  worldChanged(cause: TraceId): void {
    this.#lonely.fill(0);
    this.#worldCause = cause;
    this.#worldChangedUs = this.#kernel.nowUs;
  }

  /** Operators made the group anew: what went before is no cause of what the member does from now on. */
  reformed(member: Member, cause: TraceId): void {
    this.#lonely[member.id] = 0;
    this.#lastLead[member.id] = 0;
    this.#trouble[member.id] = cause;
  }

  /** The latest event in which the member took a role. */
  roleEvent(member: Member): TraceId {
    return this.#roleEvent[member.id]!;
  }

  /** The leader that serves at the start of the trace. */
  recordStart(member: Member): TraceId {
    const event = this.#record(member, 'leader', member.raft.term, 'leads at the start', NO_CAUSE);
    this.#roleEvent[member.id] = event;
    return event;
  }

  observed(member: Member, observation: Observation): void {
    switch (observation.kind) {
      case 'role':
        this.#roleTaken(member, observation);
        break;
      case 'leader':
        this.#leaderKnown(member, observation.lead, observation.term);
        break;
      case 'vote':
        this.#voteAnswered(member, observation);
        break;
      case 'first-commit':
        member.committedTerm = observation.term;
        this.#kernel.touch();
        member.cause = this.#record(
          member,
          'first-commit',
          observation.term,
          'committed its first entry: the group serves again',
          this.#roleEvent[member.id]!,
        );
        break;
      case 'transfer':
        if (observation.step === 'started' || observation.step === 'aborted') {
          member.cause = this.#record(
            member,
            `transfer-${observation.step}`,
            observation.term,
            observation.step === 'started'
              ? `hands leadership to ${this.#name(observation.target)}`
              : `gives up handing leadership to ${this.#name(observation.target)}`,
            member.cause,
          );
        }
        break;
      case 'stale':
      case 'membership':
        break;
    }
  }

  #roleTaken(member: Member, taken: RoleTaken): void {
    if (taken.reason === 'start') return;
    this.#kernel.touch();
    this.counts.highestTerm = Math.max(this.counts.highestTerm, taken.term);
    if (taken.role === 'Candidate' || taken.role === 'PreCandidate') this.#campaigns(member, taken);
    else if (taken.role === 'Leader') this.#elected(member, taken);
    else this.#follows(member, taken);
  }

  #campaigns(member: Member, taken: RoleTaken): void {
    const { id } = member;
    const again = taken.reason === 'pre-vote-won';
    if (!again) {
      this.counts.campaigns++;
      this.#lonely[id]!++;
    }
    const count = this.#lonely[id]!;
    const told = count <= TOLD_CAMPAIGNS || (count & (count - 1)) === 0;
    this.#campaignTold[id] = told;
    if (told) {
      const cause = again ? this.#campaignEvent[id]! : this.#campaignCause(member, taken);
      const isPreVote = taken.role === 'PreCandidate';
      const term = isPreVote ? taken.term + 1 : taken.term;
      const word = isPreVote ? 'pre-campaign' : 'campaign';
      const event = this.#record(member, word, term, this.#whyCampaign(member, taken, count), cause);
      this.#noteAsked(id, isPreVote ? -term : term, event);
      this.#campaignEvent[id] = event;
      this.#roleEvent[id] = event;
    }
    member.ticksAdvanced = 0;
    member.cause = this.#campaignEvent[id]!;
    if (!again) this.#listener.campaign(member, taken.term, member.cause);
  }

  #noteAsked(id: number, term: number, event: TraceId): void {
    const asked = this.#asked[id]!;
    asked.delete(term);
    asked.set(term, event);
    if (asked.size > ASKED_KEPT) asked.delete(asked.keys().next().value!);
  }

  #campaignCause(member: Member, taken: RoleTaken): TraceId {
    if (taken.reason === 'transfer' || taken.reason === 'campaign-asked') return member.cause;
    const trouble = this.#silenceCause(member);
    if (trouble !== NO_CAUSE) this.#trouble[member.id] = trouble;
    return this.#trouble[member.id]!;
  }

  /** Why the member has not heard from the leader it last knew. */
  #silenceCause(member: Member): TraceId {
    const leader = this.#members[this.#lastLead[member.id]! - 1];
    if (leader === undefined || leader === member) return isUnheard(member) ? member.node.cause : NO_CAUSE;
    if (!leader.node.running || leader.node.paused) return leader.node.cause;
    if (leader.stalled) return leader.node.troubleCause('disk');
    const blocked = this.#world.blockCause(leader.node.index, member.node.index);
    if (blocked !== NO_CAUSE) return blocked;
    const role = this.#roleEvent[leader.id]!;
    // Of one that has been restarted the last thing told may be that it leads.
    if (leader.raft.state !== 'Leader' && this.#kernel.trace.events[role - 1]?.event !== 'leader')
      return role;
    const { effects } = this.#world.network.path(leader.node.index, member.node.index);
    const trouble = effects.at(-1)?.cause ?? leader.node.troubleCause('disk', 'clock');
    // Nothing is wrong any more: one of them has just come back, or their connection has not recovered from what was.
    return trouble === NO_CAUSE && member.heardLeaderUs < this.#worldChangedUs ? this.#worldCause : trouble;
  }

  #whyCampaign(member: Member, taken: RoleTaken, count: number): string {
    if (taken.reason === 'pre-vote-won') return 'a majority would vote for it';
    if (taken.reason === 'transfer') return `asked by ${this.#name(taken.from)} to take over`;
    if (taken.reason !== 'election-timeout') return 'was asked to campaign';
    const seconds = ((taken.ticks * member.parameters.tickUs) / 1_000_000).toFixed(1);
    const nth = count > TOLD_CAMPAIGNS ? ` (campaign ${count} in a row)` : '';
    const counted = member.ticksAdvanced > 0 ? `, ${member.ticksAdvanced} of them counted at its start` : '';
    return `its election timer ran out: ${taken.ticks} ticks (${seconds} s${counted}) ${this.#silenceWords(member)}${nth}`;
  }

  #silenceWords(member: Member): string {
    const { heardLeaderUs, startedUs } = member;
    const lead = this.#lastLead[member.id]!;
    // What it heard in an earlier life says nothing of this timer.
    if (isUnheard(member)) return `without a leader since it came back ${this.#agoWords(startedUs)} before`;
    if (lead === 0 || lead === member.id) return 'without a leader';
    const heard = Number.isNaN(heardLeaderUs) ? '' : `, last heard ${this.#agoWords(heardLeaderUs)} before`;
    return `without a word from ${this.#name(lead)}${heard}`;
  }

  #agoWords(timeUs: number): string {
    return `${((this.#kernel.nowUs - timeUs) / 1_000_000).toFixed(3)} s`;
  }

  #elected(member: Member, taken: RoleTaken): void {
    this.counts.elections++;
    const event = this.#record(
      member,
      'leader',
      taken.term,
      'won a majority of the votes',
      this.#campaignEvent[member.id]!,
    );
    member.cause = event;
    this.#roleEvent[member.id] = event;
    this.#lastLead[member.id] = member.id;
    this.#trouble[member.id] = NO_CAUSE;
    this.#listener.elected(member, taken.term, event);
  }

  #follows(member: Member, taken: RoleTaken): void {
    const { id } = member;
    const campaign = this.#campaignEvent[id]!;
    if (taken.before === 'Leader') {
      const event = this.#record(
        member,
        'step-down',
        taken.term,
        this.#whyStepDown(member, taken),
        this.#stepDownCause(member, taken),
      );
      member.cause = event;
      this.#roleEvent[id] = event;
      this.#trouble[id] = event;
    } else if (taken.reason === 'vote-lost' || taken.reason === 'pre-vote-lost') {
      if (taken.reason === 'vote-lost' && this.#votesWereSplit(member, taken.term)) this.counts.splitVotes++;
      if (this.#campaignTold[id]) {
        this.#roleEvent[id] = this.#record(member, taken.reason, taken.term, 'a majority refused', campaign);
      }
    }
    // It came to follow because a leader of this term was heard.
    if (taken.lead !== 0) this.#leaderKnown(member, taken.lead, taken.term);
  }

  /** Another member campaigned in the same term. */
  #votesWereSplit(member: Member, term: number): boolean {
    return this.#members.some(
      (other) => other !== member && other.raft.term === term && other.raft.vote === other.id,
    );
  }

  #whyStepDown(member: Member, taken: RoleTaken): string {
    if (taken.reason === 'quorum-lost') {
      const seconds = ((taken.ticks * member.parameters.tickUs) / 1_000_000).toFixed(1);
      return `heard from less than a majority for ${seconds} s (CheckQuorum)`;
    }
    if (taken.reason === 'removed') return 'is no longer a member';
    return `met the higher term ${taken.term} in ${article(taken.message)} from ${this.#name(taken.from)}`;
  }

  #stepDownCause(member: Member, taken: RoleTaken): TraceId {
    if (taken.reason === 'quorum-lost') return this.quorumTrouble(member);
    // A higher term goes back to whoever raised it: the sender's own last campaign.
    return this.#roleEvent[taken.from] || member.cause;
  }

  /** The latest event that keeps voters from a member. */
  quorumTrouble(member: Member): TraceId {
    let latest = NO_CAUSE;
    for (const other of this.#members) {
      if (other === member) continue;
      const cause =
        !other.running || other.node.paused
          ? other.node.cause
          : other.stalled
            ? other.node.troubleCause('disk')
            : this.#world.blockCause(member.node.index, other.node.index);
      if (cause > latest) latest = cause;
    }
    return latest;
  }

  #leaderKnown(member: Member, lead: number, term: number): void {
    if (lead === 0) return;
    this.#kernel.touch();
    this.#lastLead[member.id] = lead;
    member.ticksAdvanced = 0;
    this.#lonely[member.id] = 0;
    this.#trouble[member.id] = NO_CAUSE;
    if (lead === member.id) return;
    const event = this.#record(
      member,
      'follower',
      term,
      `follows ${this.#name(lead)}`,
      this.#roleEvent[lead]!,
    );
    this.#roleEvent[member.id] = event;
  }

  #voteAnswered(member: Member, vote: VoteAnswered): void {
    if (vote.candidate === member.id || !this.#campaignTold[vote.candidate]) return;
    // An answer may come when its candidate has long asked for something else.
    const asked = this.#asked[vote.candidate]!.get(vote.preVote ? -vote.term : vote.term);
    if (asked === undefined) return;
    const kind = vote.preVote ? 'pre-vote' : 'vote';
    const who = this.#name(vote.candidate);
    const seconds = ((vote.leaseTicksLeft * member.parameters.tickUs) / 1_000_000).toFixed(1);
    const detail = {
      'up-to-date': `votes for ${who}`,
      lease: `ignores ${who}: heard from its leader, lease runs ${vote.leaseTicksLeft} ticks (${seconds} s) more`,
      'voted-other': `refuses ${who}: has voted for another in this term`,
      'leader-known': `refuses ${who}: knows a leader in this term`,
      'log-behind': `refuses ${who}: its log is behind`,
      'stale-term': `refuses ${who}: its term is old`,
    }[vote.reason];
    this.#record(member, `${kind}-${vote.outcome}`, vote.term, detail, asked);
  }

  #record(member: Member, event: string, term: number, detail: string, cause: TraceId): TraceId {
    return this.#kernel.record(this.#system, member.node.name, event, term, detail, cause);
  }

  #name(id: number): string {
    return this.#members[id - 1]?.node.name ?? 'a former member';
  }
}

/** It has come back, and has heard no leader since. */
function isUnheard({ life, heardLeaderUs, startedUs }: Member): boolean {
  return life > 1 && !(heardLeaderUs >= startedUs);
}

const MESSAGE_WORDS: Readonly<Record<string, string>> = {
  MsgVote: 'a request for a vote',
  MsgVoteResp: 'an answer to a vote',
  MsgPreVoteResp: 'an answer to a pre-vote',
  MsgApp: 'an append',
  MsgAppResp: 'an answer to an append',
  MsgHeartbeat: 'a heartbeat',
  MsgHeartbeatResp: 'an answer to a heartbeat',
  MsgSnap: 'a snapshot',
};

function article(type: string | null): string {
  return MESSAGE_WORDS[type ?? ''] ?? 'a message';
}
