/** `zonefall worker`: runs of sweeps that other processes have handed to a Redis. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import * as exit from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';
import { readWorkers, type WorkersOptions, withRedis, withWorkers } from '../sweep-machines.ts';
import { VERSION } from '../version.ts';

interface WorkerOptions extends GlobalOptions, WorkersOptions {
  readonly redis: string;
}

export const worker: Command<WorkerOptions> = {
  name: 'worker',
  usage: 'worker',
  describe: 'Work on sweeps that are handed out through a Redis (sweep --engine bullmq)',
  builder: (yargs: Argv<GlobalOptions>) =>
    withWorkers(withRedis(yargs).demandOption('redis')).example(
      '$0 worker --redis redis://10.0.0.7:6379',
      '',
    ) as unknown as Argv<WorkerOptions>,

  async run(options, io) {
    const asked = readWorkers(options, io.env);
    const [{ serve }, { coreCount }] = await Promise.all([
      import('../../experiments/engines/bullmq/worker.ts'),
      import('../../experiments/engines/threads.ts'),
    ]);
    const workers = asked ?? coreCount();
    const interrupt = new AbortController();
    const stopListening = io.onInterrupt(() => interrupt.abort());
    const say = (text: string) => {
      if (!options.quiet) io.stderr.write(`${text}\n`);
    };
    try {
      await serve({ url: options.redis, version: VERSION, workers, say, signal: interrupt.signal });
      return exit.INTERRUPTED;
    } finally {
      stopListening();
    }
  },
};
