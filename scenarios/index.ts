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
export { loadText, type ReadOptions, readScenario } from './read.ts';
export {
  jsonSchema,
  SCHEMA_VERSION,
  type ScenarioFile,
  type ScenarioFileInput,
  scenarioFile,
} from './schema.ts';
