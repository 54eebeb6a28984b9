/** A broken invariant of the protocol: a bug in this module or in its host, never a state of the model. */
export class RaftError extends Error {
  override readonly name = 'RaftError';
}

/** Throws when `condition` does not hold. The caller names the node and the values that broke it. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new RaftError(message);
}
