/** docs/reference/profiles.md: every profile of every kind of system, with what its constants come to and where they were read. */

import { duration } from '../../reports/words.ts';
import { timersOf } from '../../sim/exact/timers.ts';
import { DEFAULT_PROFILE, profileNames, resolveSystem, SYSTEM_KINDS } from '../../sim/systems/profiles.ts';
import type { SystemKind, VotingSpec } from '../../sim/systems/system-spec.ts';

const TITLES: Readonly<Record<SystemKind, string>> = {
  swarm: "`swarm`: SwarmKit's managers",
  etcd: "`etcd`: UCP's key-value store, or etcd by itself",
  rethink: '`rethink`: the RethinkDB stores of UCP and DTR',
  gossip: '`gossip`: memberlist under the overlay network',
  raft: '`raft`: a bare Raft group, for lessons and published experiments',
};

export function profilesPage(): string {
  const lines = [
    '# Profiles',
    '',
    '<!-- Made by npm run docs from the profiles. Do not edit. -->',
    '',
    `A profile is a product's set of constants, by version. A system takes \`${DEFAULT_PROFILE}\` unless the scenario says otherwise; single constants can be changed beside it (see [systems](scenario.md#systemsname)).`,
    'Sources are sections of the fact sheets that the model was built from.',
    '',
  ];
  for (const kind of SYSTEM_KINDS) {
    lines.push(`## ${TITLES[kind]}`, '', ...table(kind), '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function table(kind: SystemKind): string[] {
  const profiles = profileNames(kind).map((name) => ({ name, ...resolveSystem(kind, name, {}) }));
  if (kind === 'gossip') {
    return [
      '| profile | source |',
      '|---|---|',
      ...profiles.map(({ name, source }) => `| \`${name}\` | ${source} |`),
    ];
  }
  const rows = profiles.map(({ name, parameters, source }) => {
    const timers = timersOf({
      kind,
      parameters,
      members: ['a', 'b', 'c'],
      learners: [],
    } as unknown as VotingSpec);
    const wait = timers.kind === 'raft' ? timers.electionUs : timers.silenceUs;
    const more =
      timers.kind === 'rethink'
        ? ''
        : `${'preVote' in parameters && parameters.preVote ? 'PreVote, ' : ''}${timers.stepDownUs === null ? 'no CheckQuorum' : 'CheckQuorum'}`;
    return `| \`${name}\` | ${duration(timers.heartbeatUs)} | ${duration(wait.fromUs)} to ${duration(wait.toUs)} | ${more} | ${source} |`;
  });
  const noticed = kind === 'rethink' ? 'silence is noticed after' : 'a follower campaigns after';
  return [`| profile | heartbeat | ${noticed} | | source |`, '|---|---|---|---|---|', ...rows];
}
