/**
 * Takes everything out of an array that is soon filled again. (Setting its length to 0 leaves compiled code, and gives away
 * the room that the next contents need: where that happens with every message, it is felt.)
 */
export function empty(array: unknown[]): void {
  while (array.length > 0) array.pop();
}
