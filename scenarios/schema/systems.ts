/** `systems`: who votes with whom. */
import * as z from 'zod';
import { SYSTEM_KINDS } from '../../sim/systems/profiles.ts';
import { choice, duration, flag, nameText, selector } from './leaf.ts';

/** Parameters of a profile that a scenario may change; which kind has which is in resolve/parameters.ts. */
export const systemParameters = {
  tick: duration(
    {
      description:
        'swarm, etcd, raft: the smallest step of their timers. Left out: as the profile says, or the stated heartbeat.',
      examples: ['100ms'],
    },
    false,
  ).optional(),
  heartbeat: duration(
    {
      description:
        'swarm, etcd, raft: how often a leader sends heartbeats. rethink: how often a connection that is silent sends one; five of them make its time-out.',
      examples: ['100ms', '500ms'],
    },
    false,
  ).optional(),
  election: duration(
    {
      description:
        'swarm, etcd, raft: the election time-out E. A follower campaigns after E to 2E without a leader, drawn in whole ticks.',
      examples: ['1s', '5s'],
    },
    false,
  ).optional(),
  'pre-vote': flag({
    description: 'swarm, etcd, raft: ask whether an election could be won before beginning one.',
    examples: [true],
  }).optional(),
  'check-quorum': flag({
    description:
      'swarm, etcd, raft: a leader that hears from no majority for E steps down, and followers with a live leader refuse votes.',
    examples: [true],
  }).optional(),
  mode: choice(['etcd', 'paper'], {
    description:
      'swarm, etcd, raft: etcd answers stale messages as etcd-io/raft does; paper answers every one, as the Raft paper says.',
    examples: ['paper'],
  }).optional(),
  transport: choice(['connection', 'datagram'], {
    description:
      'swarm, etcd, raft: connection is an ordered TCP stream that stalls and resends; with datagram a lost message stays lost.',
    examples: ['datagram'],
  }).optional(),
  'writes-every': duration(
    {
      description:
        "swarm, etcd, raft: how often users write. It makes the log of a member that is cut off fall behind the others', so that they refuse it their votes. Left out: the log holds what elections put there, and one write whenever a disk gets stuck.",
      examples: ['50ms'],
    },
    false,
  ).optional(),
  'initial-tick-advance': flag({
    description: 'etcd: a restarted member skips most of its first election time-out once it sees a peer.',
    examples: [false],
  }).optional(),
  'lost-quorum': duration(
    {
      description: 'swarm: without a leader for longer than this, calls fail at once instead of waiting.',
      examples: ['10s'],
    },
    false,
  ).optional(),
  'heartbeat-timeout': duration(
    {
      description:
        'rethink: the time-out of a silent connection. Silence is noticed after 1.4 to 1.6 times as long.',
      examples: ['10s'],
    },
    false,
  ).optional(),
  'election-min': duration(
    { description: 'rethink: least time without a leader before a member campaigns.', examples: ['1s'] },
    false,
  ).optional(),
  'election-max': duration(
    { description: 'rethink: most time without a leader before a member campaigns.', examples: ['2s'] },
    false,
  ).optional(),
  'election-retry-max': duration(
    { description: 'rethink: the longest wait between two campaigns of one member.', examples: ['30s'] },
    false,
  ).optional(),
  'reconnect-min': duration(
    { description: 'rethink: first wait before a lost connection is tried again.', examples: ['50ms'] },
    false,
  ).optional(),
  'reconnect-max': duration(
    { description: 'rethink: longest wait before a lost connection is tried again.', examples: ['15s'] },
    false,
  ).optional(),
  'reconnect-factor': z
    .number({ error: 'expected a number like 1.5' })
    .min(1, { error: 'must be at least 1: the waits do not shrink' })
    .max(100, { error: 'must be at most 100' })
    .optional()
    .meta({
      description: 'rethink: how much longer each wait is than the one before.',
      examples: [1.5],
      unit: 'factor',
    }),
  deadlines: z
    .strictObject({
      write: duration({ description: 'How long a write waits.', examples: ['7s'] }).optional(),
      read: duration({ description: 'How long a read waits.', examples: ['7s'] }).optional(),
    })
    .optional()
    .meta({
      description: 'How long a client waits for an answer before it counts the operation as failed.',
      examples: [{ write: '7s' }],
    }),
};

export const system = z
  .strictObject({
    kind: z
      .string()
      .optional()
      .meta({
        description: `Which product: ${SYSTEM_KINDS.join(', ')}. Left out: the name of the system.`,
        examples: [...SYSTEM_KINDS],
        enum: [...SYSTEM_KINDS],
      }),
    profile: z
      .string()
      .optional()
      .meta({
        description:
          "A named set of the product's constants, by version. deck-2017 holds those of the DockerCon 2017 deck.",
        examples: ['deck-2017', 'etcd-3.5', 'swarmkit-18.03'],
        default: 'deck-2017',
      }),
    members: selector({
      description:
        'The voting members. For rethink a list of several selectors makes one store for each: [manager, dtr] makes rethink-manager and rethink-dtr.',
      examples: ['manager', ['manager', 'dtr']],
    }),
    learners: selector({
      description: 'Members without a vote.',
      examples: ['manager in us-east'],
    }).optional(),
    ...systemParameters,
  })
  .meta({ description: 'A system with members and a quorum.', examples: [{ members: 'manager' }] });

export const systems = z.record(nameText(), system).meta({
  description: 'Who votes with whom: systems by name.',
  examples: [{ swarm: { members: 'manager' }, etcd: { members: 'manager', profile: 'etcd-3.5' } }],
});
