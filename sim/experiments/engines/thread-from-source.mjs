/** Lets a thread run the sources as they are (tests, benchmarks): Node's threads know nothing of TypeScript. */
import { register } from 'tsx/esm/api';

register();
const { default: runChunk } = await import('./thread.ts');
export default runChunk;
