export { AVAILABILITY_COLUMNS, availabilityCsv } from './availability.ts';
export { FAILOVERS_COLUMNS, failoversCsv } from './failovers.ts';
export { SUMMARY_COLUMNS, summaryCsv } from './summary.ts';
export { TIMELINE_COLUMNS, timelineCsv } from './timeline.ts';
