/** Every suite, in the order of the page. */
import { availsim } from './availsim.ts';
import { etcd } from './etcd.ts';
import { etcdRaft } from './etcd-raft.ts';
import { exact } from './exact.ts';
import { figure16 } from './figure-16.ts';
import { lab } from './lab.ts';
import { omniPaxos } from './omni-paxos.ts';
import { partialConnectivity } from './partial-connectivity.ts';
import { refloated } from './refloated.ts';
import { serf } from './serf.ts';
import { stepRules } from './step-rules.ts';
import type { Suite } from './suite.ts';
import { swarm } from './swarm.ts';
import { traces } from './traces.ts';

export const SUITES: readonly Suite[] = [
  etcd,
  swarm,
  serf,
  lab,
  traces,
  stepRules,
  etcdRaft,
  partialConnectivity,
  omniPaxos,
  figure16,
  availsim,
  refloated,
  exact,
];
