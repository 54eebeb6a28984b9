export { COMPARISON_SCHEMA_VERSION, comparisonDocument, comparisonSummary } from './comparison.ts';
export { DIFFERENCES_COLUMNS, differencesCsv } from './differences.ts';
export { inputWords } from './words.ts';
export { COMPARISON_FILES, writeComparison } from './write.ts';
