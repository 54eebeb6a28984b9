/**
 * What a link has when a scenario does not say. Typical figures, with where they come from; state your own where the
 * answer depends on them.
 */
import type { LinkClass } from '../../sim/world/topology.ts';

interface LinkDefaults {
  readonly rtt: string;
  readonly jitter: string;
  readonly loss: string;
  readonly bandwidth: string;
  readonly source: string;
}

const quiet = { jitter: '0s', loss: '0%' };

/** "IBM" is the matrix of ten regions in library/data/ibm-cloud-2024-03.csv; p99 is two to three times p50 throughout. */
export const LINK_DEFAULTS: Readonly<Record<LinkClass, LinkDefaults>> = {
  'within-node': { rtt: '50us', ...quiet, bandwidth: '10Gbps', source: 'a loopback connection' },
  'within-rack': {
    rtt: 'lognormal(p50 0.1ms, p99 0.3ms)',
    ...quiet,
    bandwidth: '10Gbps',
    source: 'about 0.1 ms, as IBM Cloud publishes for one zone',
  },
  'within-zone': {
    rtt: 'lognormal(p50 0.3ms, p99 0.9ms)',
    ...quiet,
    bandwidth: '10Gbps',
    source: 'a few switches more than one rack',
  },
  'between-zones': {
    rtt: 'lognormal(p50 1.7ms, p99 4ms)',
    ...quiet,
    bandwidth: '10Gbps',
    source: 'the median of 60 pairs of zones of IBM Cloud, February 2024 (0.6 to 2.8 ms)',
  },
  'between-datacenters': {
    rtt: 'lognormal(p50 26ms, p99 40ms)',
    ...quiet,
    bandwidth: '1Gbps',
    source: 'the median of IBM Cloud regions that share a continent, February 2024 (9 to 34 ms)',
  },
  'between-regions': {
    rtt: 'lognormal(p50 150ms, p99 200ms)',
    ...quiet,
    bandwidth: '1Gbps',
    source: 'the median of 90 pairs of IBM Cloud regions, February 2024 (9 to 329 ms)',
  },
};
