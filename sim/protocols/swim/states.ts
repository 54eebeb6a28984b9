/** States of a member in a view. AS_BASE: what the roster says. */
export const AS_BASE = 0;
export const ALIVE = 1;
export const SUSPECT = 2;
export const DEAD = 3;
export const LEFT = 4;
/** Never heard of, or forgotten. */
export const UNKNOWN = 5;
export type ViewState = typeof ALIVE | typeof SUSPECT | typeof DEAD | typeof LEFT | typeof UNKNOWN;
