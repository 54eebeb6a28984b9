/** `zonefall schema`: JSON Schemas of what zonefall reads and prints, for editors and scripts. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import * as exit from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';

/** What there is a schema of, and who knows it. */
const SCHEMAS = {
  scenario: async () => (await import('../../../scenarios/schema.ts')).jsonSchema(),
  run: async () => (await import('../../../reports/json/schema.ts')).runDocumentJsonSchema(),
  manifest: async () => (await import('../../../reports/json/schema.ts')).runManifestJsonSchema(),
  sweep: async () => (await import('../../../reports/study/schema.ts')).studyDocumentJsonSchema(),
  study: async () => (await import('../../../reports/study/schema.ts')).studyManifestJsonSchema(),
  explain: async () => (await import('../explain/schema.ts')).explanationSchema(),
} as const;

type Of = keyof typeof SCHEMAS;

interface SchemaOptions extends GlobalOptions {
  readonly of: Of;
}

export const schema: Command<SchemaOptions> = {
  name: 'schema',
  usage: 'schema [of]',
  describe: 'Print a JSON Schema (draft-07), for editors and scripts',
  builder: (yargs: Argv<GlobalOptions>) =>
    yargs.positional('of', {
      type: 'string',
      choices: Object.keys(SCHEMAS),
      default: 'scenario',
      describe:
        'Of scenario files; of the documents of run --json, sweep --json and explain --json; manifest: run.json, study: study.json',
    }) as unknown as Argv<SchemaOptions>,

  async run(options, io) {
    io.stdout.write(`${JSON.stringify(await SCHEMAS[options.of](), null, 2)}\n`);
    return exit.OK;
  },
};
