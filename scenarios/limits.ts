/** Every limit of a scenario file in one place. Hitting one is an error that names it. */
import { RUNS_MAX } from '../sim/experiments/stopping.ts';
import { MAX_TIME_US } from '../sim/kernel/time.ts';

/** A scenario is written by people: a file past this is not one. */
export const MAX_FILE_BYTES = 1024 * 1024;
/** A CSV file that a scenario reads. */
export const MAX_CSV_BYTES = 32 * 1024 * 1024;
/** Nesting of lists and maps; the schema needs 7. */
export const MAX_DEPTH = 32;
/** Values after aliases are expanded: an alias bomb has more. */
export const MAX_VALUES = 200_000;

/** Mistakes that are told; with more, the first ones matter. */
export const MAX_ISSUES = 100;

export const MAX_NODES = 10_000;
/** Regions, datacenters, zones and racks together. */
export const MAX_PLACES = 10_000;
export const MAX_SYSTEMS = 1_000;
/** Voting members of one system; learners likewise. The products advise seven at most. */
export const MAX_MEMBERS = 99;
/** Entries of `timeline` and `faults` together. */
export const MAX_FAULTS = 10_000;
/** Nodes, places or links that one entry with `each` stands for. */
export const MAX_ENTITIES = 10_000;
export const MAX_CREWS = 1_000;
/** Entries of `operators.maintenance` and of `operators.runbooks`. */
export const MAX_OPERATIONS = 1_000;
export const MAX_CREW_SIZE = 1_000;
export const MAX_OBJECTIVES = 1_000;
export const MAX_LINK_RULES = 100_000;
export const MAX_REPEATS = 1_000_000;
/** How often one entry with `every` may be expected to begin in one run. */
export const MAX_OCCURRENCES = 1_000_000;
/** Samples of one empirical distribution. */
export const MAX_SAMPLES = 100_000;
export const MAX_NAME_LENGTH = 100;
/** 285 years: past this microseconds are no longer exact. */
export const MAX_DURATION_US = MAX_TIME_US;
/** Words of one selector; nesting of its parentheses. */
export const MAX_SELECTOR_WORDS = 1_000;
export const MAX_SELECTOR_DEPTH = 20;
/** Runs of each variant of a study. */
export const MAX_RUNS = RUNS_MAX;
/** Variants of a study, all combinations of its axes. */
export const MAX_VARIANTS = 1_000;
