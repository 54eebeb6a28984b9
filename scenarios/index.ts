/** The public face of scenarios/. */
export { formatIssue, formatIssues, type Issue, ScenarioError } from './issue.ts';
export {
  type DescribedEntry,
  find,
  findTemplate,
  type LibraryEntry,
  list,
  listTemplates,
} from './library.ts';
export { type LoadedScenario, type LoadOptions, loadScenario, type ReadFile } from './load.ts';
export {
  loadStudyText,
  loadText,
  type ReadOptions,
  type ReadStudyOptions,
  readScenario,
  readStudy,
} from './read.ts';
export {
  jsonSchema,
  SCHEMA_VERSION,
  type ScenarioFile,
  type ScenarioFileInput,
  scenarioFile,
} from './schema.ts';
export { type LoadedStudy, loadStudy, ONLY_VARIANT, type StudyOptions } from './study.ts';
