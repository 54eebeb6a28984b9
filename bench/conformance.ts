// npm run conformance -- FILE.jsonl [FILE...]: replays step traces of the real library through our Raft.
import { runConformance } from './conformance/run.ts';

// No trace depends on the draws (a test replays them with several seeds), so any constant will do.
const longestTimeout = (spread: number) => spread - 1;

process.exitCode = runConformance(process.argv.slice(2), longestTimeout, {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
});
