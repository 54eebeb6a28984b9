/** The one schema of the scenario file. */
import * as z from 'zod';
import { scenarioFile } from './schema/file.ts';

export type {
  NodeGroup,
  PlannedFault,
  ScenarioFile,
  ScenarioFileInput,
  StochasticFault,
  SystemEntry,
} from './schema/file.ts';
export { SCHEMA_VERSION, scenarioFile } from './schema/file.ts';

/** JSON Schema, draft-07, for editors. Plain JSON. */
export function jsonSchema(): Record<string, unknown> {
  return JSON.parse(JSON.stringify(z.toJSONSchema(scenarioFile, { target: 'draft-7', io: 'input' })));
}
