/** Every exit code of the command line. Scripts rely on them: a code keeps its meaning for ever. */

/** It worked; of `run`: every objective passes and every fault had an effect. */
export const OK = 0;
/** `run`: an objective fails. */
export const FAIL = 1;
/** `run`: no objective fails, but one is inconclusive, or a fault of the scenario changed nothing or never began. */
export const INCONCLUSIVE = 2;
/** The command line is wrong: unknown option, missing argument, an output folder or file that cannot be written (EX_USAGE). */
export const USAGE = 64;
/** The scenario is wrong or cannot be read; nothing was written (EX_DATAERR). */
export const INVALID_SCENARIO = 65;
/** A Redis that many machines share is not there, or was lost; what is done is kept, and the same command goes on (EX_UNAVAILABLE). */
export const UNAVAILABLE = 69;
/** A bug in zonefall: says so, with version, seed and scenario (EX_SOFTWARE). */
export const INTERNAL = 70;
/** Ctrl-C: nothing was written, or only whole results (128 + SIGINT). */
export const INTERRUPTED = 130;

export type ExitCode = 0 | 1 | 2 | 64 | 65 | 69 | 70 | 130;
