/** The library: `import { simulate, loadScenario } from 'zonefall'`. */

export { loadScenario, ScenarioError } from '../scenarios/index.ts';
export type { Seed } from './kernel/streams.ts';
export type { TraceEvent, TraceId } from './kernel/trace.ts';
export { causesOf } from './kernel/trace.ts';
export type * from './run.ts';
export type { Scenario } from './scenario.ts';
export { type SimulateOptions, simulate } from './simulate.ts';
