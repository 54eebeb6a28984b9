export { plainLanes } from './plain.ts';
export { type TerminalOptions, terminalSummary } from './summary.ts';
