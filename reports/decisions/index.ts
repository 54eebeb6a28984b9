export { COMPARISON_SCHEMA_VERSION, comparisonDocument, comparisonSummary } from './comparison.ts';
export { DIFFERENCES_COLUMNS, differencesCsv } from './differences.ts';
export { OPTIONS_COLUMNS, optionsCsv } from './options.ts';
export { PLAN_SCHEMA_VERSION, type PlanReport, planDocument, planSummary } from './plan.ts';
export {
  SENSITIVITY_COLUMNS,
  SENSITIVITY_SCHEMA_VERSION,
  sensitivityDocument,
  sensitivitySummary,
} from './sensitivity.ts';
export { inputWords } from './words.ts';
export {
  COMPARISON_FILES,
  PLAN_FILES,
  SENSITIVITY_FILES,
  writeComparison,
  writePlan,
  writeSensitivity,
} from './write.ts';
