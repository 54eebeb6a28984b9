/** Every suite, in the order of the page. */
import { etcdRaft } from './etcd-raft.ts';
import type { Suite } from './suite.ts';

export const SUITES: readonly Suite[] = [etcdRaft];
