/** Every suite, in the order of the page. */
import { availsim } from './availsim.ts';
import { etcdRaft } from './etcd-raft.ts';
import { exact } from './exact.ts';
import { omniPaxos } from './omni-paxos.ts';
import { partialConnectivity } from './partial-connectivity.ts';
import type { Suite } from './suite.ts';

export const SUITES: readonly Suite[] = [etcdRaft, partialConnectivity, omniPaxos, availsim, exact];
