import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RunFailedError, runChunk } from '../../run-chunk.ts';
import { sweep } from '../../sweep.ts';
import { smallStudy } from '../../testing.ts';
import { neverAborted } from '../testing.ts';
import { type BullmqOptions, bullmq } from './engine.ts';
import { checkedUrl, connect } from './redis.ts';
import { freePort, NO_REDIS, RedisServer, until } from './testing.ts';
import { serve } from './worker.ts';

const study = smallStudy([3, 5]);
const stopping = (runs: number) => ({ runs, precision: null, budgetMs: null });

/** Workers of a test, in this process: their runs are in threads. */
const workers: { readonly said: string[]; end(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((each) => each.end()));
});

function startWorker(url: string, version = '1.0.0', threads = 1) {
  const said: string[] = [];
  const controller = new AbortController();
  const served = serve({
    url,
    version,
    workers: threads,
    say: (text) => said.push(text),
    signal: controller.signal,
  });
  const end = async () => {
    controller.abort();
    await served;
  };
  workers.push({ said, end });
  return { said, end };
}

async function withEngine<T>(
  options: BullmqOptions,
  use: (engine: Awaited<ReturnType<ReturnType<typeof bullmq>>>) => Promise<T>,
  of = study,
): Promise<T> {
  const engine = await bullmq(options)(of);
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

describe('what is wrong with a Redis is said in one line', () => {
  test.each([
    ['localhost', '"localhost" is not the URL of a Redis: write redis://host:6379, or rediss:// for TLS'],
    ['http://:secret@host', '"http://host" is not the URL of a Redis'],
    ['redis://', '"redis://" is not the URL of a Redis'],
    ['redis://host/sweeps', '"sweeps" is not the number of a database'],
  ])('%s', (url, message) => {
    expect(() => checkedUrl(url)).toThrow(message);
  });

  test('nothing listens, no such host', async () => {
    const port = await freePort();
    await expect(connect(`redis://:secret@127.0.0.1:${port}`)).rejects.toThrow(
      `cannot use Redis at redis://127.0.0.1:${port}: nothing listens there (connection refused)`,
    );
    await expect(connect('redis://no.such.host.invalid')).rejects.toThrow(': there is no such host');
  });
});

describe.skipIf(NO_REDIS !== undefined)('with a Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    redis.on('error', () => {});
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  test('a password that is wanted or wrong', async () => {
    const locked = await RedisServer.start('--requirepass', 'secret');
    try {
      await expect(connect(locked.url)).rejects.toThrow('it wants a password: redis://:password@host');
      const wrong = locked.url.replace('//', '//:guess@');
      await expect(connect(wrong)).rejects.toThrow(
        `cannot use Redis at ${locked.url}: the password is wrong`,
      );
      (await connect(locked.url.replace('//', '//:secret@'))).end();
    } finally {
      await locked.stop();
    }
  });

  test('two sweeps on one Redis with two workers: each has its own outcomes, and leaves nothing behind', async () => {
    const other = { ...study, seed: 'other' };
    startWorker(server.url, '1.0.0', 2);
    startWorker(server.url);
    const options = { url: server.url, version: '1.0.0' };
    const [one, two] = await Promise.all([
      withEngine(options, (engine) => sweep(study, engine, stopping(6))),
      withEngine(options, (engine) => sweep(other, engine, stopping(6)), other),
    ]);
    for (const [result, of] of [
      [one, study],
      [two, other],
    ] as const) {
      const expected = [0, 1].map((variant) => runChunk(of, { variant, from: 0, to: 6 }));
      expect(result.outcomes).toEqual(expected);
    }
    const [first] = workers;
    await until('workers know', () => first!.said.filter((line) => line.endsWith('is over')).length === 2);
    await Promise.all(workers.splice(0).map((each) => each.end()));
    expect(await redis.keys('*')).toEqual([]);
  });

  test('the threads of all workers are counted; that there are none is said', async () => {
    const notes: string[] = [];
    const note = (text: string) => notes.push(text);
    await withEngine({ url: server.url, version: '1.0.0', note }, async (engine) => {
      expect(engine.parallel).toBe(1);
      await until('a note', () => notes.length > 0);
      expect(notes).toEqual([
        `no worker is there yet: start some with zonefall worker --redis ${server.url}`,
      ]);
      startWorker(server.url, '1.0.0', 2);
      startWorker(server.url, '1.0.0', 1);
      await until('three threads', () => engine.parallel === 3);
    });
  });

  test('a worker of another version is refused on both sides', async () => {
    const { said } = startWorker(server.url, '9.9.9');
    await until('a worker', async () => (await redis.scard('zonefall:workers')) === 1);
    await withEngine({ url: server.url, version: '1.0.0' }, async (engine) => {
      await expect(engine.execute({ variant: 0, from: 0, to: 1 }, neverAborted)).rejects.toThrow(
        `the workers at ${server.url} are of zonefall 9.9.9, and this is 1.0.0: start workers of the same version`,
      );
    });
    expect(said.join('\n')).toMatch(/refused: sweep \w+ is of zonefall 1\.0\.0, and this worker of 9\.9\.9/);
  });

  test('beside workers of the same version, others are left out', async () => {
    startWorker(server.url, '9.9.9');
    startWorker(server.url);
    await until('two workers', async () => (await redis.scard('zonefall:workers')) === 2);
    const notes: string[] = [];
    const options = { url: server.url, version: '1.0.0', note: (text: string) => notes.push(text) };
    const chunk = { variant: 0, from: 0, to: 1 };
    const outcomes = await withEngine(options, (engine) => engine.execute(chunk, neverAborted));
    expect(outcomes).toEqual(runChunk(study, chunk));
    expect(notes).toEqual(['left out: 1 of 2 workers are of zonefall 9.9.9, not 1.0.0']);
  });

  test('a study that is not what its hash says is refused', async () => {
    await withEngine({ url: server.url, version: '1.0.0' }, async () => {
      const [name] = await redis.smembers('zonefall:sweeps');
      await redis.hset(`zonefall:sweep:${name}`, 'hash', 'sha256:0');
      const { said } = startWorker(server.url);
      await until('a refusal', () => said.some((line) => /refused: sweep \w+ came damaged/.test(line)));
    });
  });

  test('a run that fails on a worker is named here', async () => {
    const broken = structuredClone(study);
    (broken.variants[1]!.scenario as unknown as { systems: unknown[] }).systems.push({
      kind: 'no such system',
    });
    startWorker(server.url);
    await withEngine(
      { url: server.url, version: '1.0.0' },
      async (engine) => {
        const failed = engine.execute({ variant: 1, from: 4, to: 6 }, neverAborted);
        await expect(failed).rejects.toThrow(
          /^run 4 of variant "nodes\.manager\.count=5" \(seed 7\/4\) failed: /,
        );
        await expect(failed).rejects.toBeInstanceOf(RunFailedError);
      },
      broken,
    );
  });

  test('an abort ends the wait with the reason of the signal, and takes the job out of the queue', async () => {
    await withEngine({ url: server.url, version: '1.0.0' }, async (engine) => {
      const controller = new AbortController();
      const waiting = [0, 1, 2].map((from) =>
        engine.execute({ variant: 0, from, to: from + 1 }, controller.signal),
      );
      const settled = Promise.allSettled(waiting);
      await until('jobs', async () => (await redis.keys('zonefall:queue:*:sha256*')).length >= 0);
      const reason = new Error('Ctrl-C');
      controller.abort(reason);
      for (const one of await settled) expect(one).toMatchObject({ status: 'rejected', reason });
      await until('no job', async () => {
        const waits = (await redis.keys('zonefall:queue:*:wait')).map((key) => redis.llen(key));
        return (await Promise.all(waits)).every((length) => length === 0);
      });
    });
  });

  test.each([
    ['restarted, which saves', 'SIGTERM'],
    ['killed, with the loss of everything', 'SIGKILL'],
  ] as const)('a Redis that is %s is survived', async (_, signal) => {
    startWorker(server.url);
    await withEngine({ url: server.url, version: '1.0.0' }, async (engine) => {
      await until('a worker', () => engine.parallel === 1);
      let restarted: Promise<void> | undefined;
      const onOutcomes = ({ done }: { done: number }) => {
        if (done < 4) return;
        restarted ??= server.down(signal).then(() => server.up());
      };
      const result = await sweep(study, engine, stopping(30), { onOutcomes });
      expect(result.outcomes.map((each) => each.map(({ run }) => run))).toEqual(
        [0, 1].map(() => Array.from({ length: 30 }, (_, run) => run)),
      );
      expect(result.outcomes[1]!.slice(0, 2)).toEqual(runChunk(study, { variant: 1, from: 0, to: 2 }));
      await restarted;
    });
  });

  test('a Redis that stays away is an error', async () => {
    const own = await RedisServer.start();
    try {
      await withEngine({ url: own.url, version: '1.0.0', patienceMs: 1_000 }, async (engine) => {
        const waiting = engine.execute({ variant: 0, from: 0, to: 1 }, neverAborted);
        waiting.catch(() => {});
        await own.down('SIGKILL');
        await expect(waiting).rejects.toThrow(`Redis at ${own.url} has been gone for 1 s`);
      });
    } finally {
      await own.stop();
    }
  });
});

test('a worker that has asked a Redis which is gone before it answers ends all the same when it is told to', async () => {
  const own = await RedisServer.start();
  const { said, end } = startWorker(own.url);
  await until('the worker', () => said.some((line) => line.includes('waits for sweeps')));
  const redis = new Redis(own.url);
  await redis.call('CLIENT', 'PAUSE', '600000', 'ALL');
  redis.disconnect();
  // It looks for sweeps twice a second, and from now on waits for an answer.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await own.down('SIGKILL');
  await until('the loss', () => said.some((line) => line.includes('is lost')));
  await end();
}, 20_000);
