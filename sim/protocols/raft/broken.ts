/** A broken invariant of the protocol: a bug in this module or in its host, never a state of the model. */
export class RaftError extends Error {
  override readonly name = 'RaftError';
}

/**
 * An invariant does not hold; the message names the values that broke it. (Not `assert(condition, message)`: the message
 * would be put together each time.)
 */
export function broken(message: string): never {
  throw new RaftError(message);
}
