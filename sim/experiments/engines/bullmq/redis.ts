/** Connections to Redis: said in one line what is wrong with them, and never with a password in it. */
import type { Redis } from 'ioredis';

/** What was asked for cannot be: the URL is none, or the packages are not installed. */
export class RedisUsageError extends Error {
  override readonly name = 'RedisUsageError';
}

/** Redis is not there, or is there no more. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
}

const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_MS_MAX = 1_000;

/** Loaded when asked for: bullmq and ioredis are installed by those who want many machines. */
export async function queuePackages() {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { ...bullmq, Redis: ioredis.Redis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new RedisUsageError(
      'work on many machines needs two packages more: npm install bullmq@6 ioredis@6 beside zonefall',
    );
  }
}

/** Throws a RedisUsageError. */
export function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '')
    throw new RedisUsageError(
      `"${withoutPassword(text)}" is not the URL of a Redis: write redis://host:6379, or rediss:// for TLS`,
    );
  if (!/^\/?\d*$/.test(url.pathname))
    throw new RedisUsageError(`"${url.pathname.slice(1)}" is not the number of a database of Redis`);
  return url;
}

export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

export interface Connection {
  readonly redis: Redis;
  /** Closes it, and keeps what BullMQ has made of it from seeking a lost Redis for ever. */
  end(): void;
}

/**
 * Connects, or says why not; afterwards a connection that is lost is sought again until it is ended. Throws a RedisUsageError
 * or a RedisUnavailableError.
 */
export async function connect(text: string): Promise<Connection> {
  checkedUrl(text);
  const { Redis } = await queuePackages();
  let seeking = false;
  const redis = new Redis(text, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // BullMQ wants commands that wait for the connection to come back.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (seeking ? Math.min(RETRY_MS_MAX, times * 50) : null),
  });
  let problem: Error | undefined;
  redis.on('error', (error: Error) => {
    problem ??= error;
  });
  try {
    await redis.connect();
    // A server that wants a password answers the first command with that.
    await redis.ping();
    seeking = true;
    return {
      redis,
      end: () => {
        seeking = false;
        redis.disconnect();
      },
    };
  } catch (error) {
    redis.disconnect();
    throw unavailable(text, problem ?? error);
  }
}

export function unavailable(url: string, error: unknown): RedisUnavailableError {
  const { code, message } = error as NodeJS.ErrnoException;
  const first = (message ?? String(error)).split('\n', 1)[0]!;
  const words =
    code === 'ECONNREFUSED'
      ? 'nothing listens there (connection refused)'
      : code === 'ENOTFOUND' || code === 'EAI_AGAIN'
        ? 'there is no such host'
        : code === 'ETIMEDOUT'
          ? 'it does not answer'
          : /^NOAUTH/.test(first)
            ? 'it wants a password: redis://:password@host'
            : /^WRONGPASS|invalid password/.test(first)
              ? 'the password is wrong'
              : first;
  return new RedisUnavailableError(`cannot use Redis at ${withoutPassword(url)}: ${words}`, { cause: error });
}
