export { availabilityCsv, failoversCsv, summaryCsv, timelineCsv } from './csv/index.ts';
export {
  hashOf,
  jsonText,
  overallVerdict,
  type RunDocument,
  type RunManifest,
  runDocument,
  runManifest,
  SCHEMA_VERSION,
  type WallClock,
} from './json/index.ts';
export { timelineSvg } from './svg/index.ts';
export { plainLanes, type TerminalOptions, terminalSummary } from './terminal/index.ts';
export { REPORT_FILES, ReportWriteError, type WriteOptions, writeReports } from './write.ts';
