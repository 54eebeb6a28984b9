#!/usr/bin/env node
/** The program `zonefall`. */
import { runCli } from './cli.ts';
import { processIo } from './io.ts';

// Not process.exit: what was written must reach its pipe first.
process.exitCode = await runCli(process.argv.slice(2), processIo());
