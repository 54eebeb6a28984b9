/** Runs made by hand, for the tests of reports. */
export { calmRun, crowdedRun, hostileRun, quorumLossRun, yearRun } from './testing/other-runs.ts';
export { threeZonesRun } from './testing/three-zones.ts';
