/** Every command, in the order of the help. A new one is one file here and one line in this table. */
import type { Command } from '../command.ts';
import { compare } from './compare.ts';
import { completion } from './completion.ts';
import { explain } from './explain.ts';
import { init } from './init.ts';
import { list } from './list.ts';
import { merge } from './merge.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { sensitivity } from './sensitivity.ts';
import { sweep } from './sweep.ts';
import { validate } from './validate.ts';
import { why } from './why.ts';
import { worker } from './worker.ts';

// Each command takes options of its own, which its builder makes.
export const COMMANDS = [
  run,
  sweep,
  compare,
  plan,
  sensitivity,
  explain,
  why,
  validate,
  init,
  list,
  merge,
  worker,
  schema,
  completion,
] as unknown as readonly Command[];
