export { CELLS_COLUMNS, cellsCsv } from './cells.ts';
export {
  STUDY_SCHEMA_VERSION,
  type StudyDocument,
  type StudyManifest,
  type StudyRequest,
  studyDocument,
  studyManifest,
} from './document.ts';
export { rareSummary } from './rare.ts';
export { RUNS_COLUMNS, runsCsv } from './runs.ts';
export { sweepSummary } from './terminal.ts';
export { STUDY_FILES, writeStudy } from './write.ts';
