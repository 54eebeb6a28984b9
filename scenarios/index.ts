/** The public face of scenarios/: reading scenario files. */
export { formatIssue, formatIssues, type Issue, ScenarioError } from './issue.ts';
export { type LoadedScenario, type LoadOptions, loadScenario, type ReadFile } from './load.ts';
export {
  jsonSchema,
  SCHEMA_VERSION,
  type ScenarioFile,
  type ScenarioFileInput,
  scenarioFile,
} from './schema.ts';
