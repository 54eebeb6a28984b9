/** Every command, in the order of the help. A new one is one file here and one line in this table. */
import type { Command } from '../command.ts';
import { list } from './list.ts';
import { run } from './run.ts';
import { validate } from './validate.ts';

// Each command takes options of its own, which its builder makes.
export const COMMANDS = [run, validate, list] as unknown as readonly Command[];
