export { AVAILABILITY_COLUMNS, availabilityCsv, availabilityTable } from './availability.ts';
export { csvPieces, type Table } from './cells.ts';
export { FAILOVERS_COLUMNS, failoversCsv, failoversTable } from './failovers.ts';
export { SUMMARY_COLUMNS, summaryCsv } from './summary.ts';
export { TIMELINE_COLUMNS, timelineCsv, timelineTable } from './timeline.ts';
