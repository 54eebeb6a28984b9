/** `zonefall worker`: runs of sweeps that other processes have handed to a Redis. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import * as exit from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';
import { withRedis, withWorkers } from '../sweep-machines.ts';
import { VERSION } from '../version.ts';

interface WorkerOptions extends GlobalOptions {
  readonly redis: string;
  readonly workers: number | undefined;
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
    const { workerCount } = await import('../sweep-machines.ts');
    const workers = await workerCount(options.workers);
    const { serve } = await import('../../experiments/engines/bullmq/worker.ts');
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
