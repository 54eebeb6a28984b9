/** A RethinkDB server in its cluster: any whole number >= 0; order decides ties, as the order of UUIDs does there. */
export type ServerId = number;

export const NO_SERVER: ServerId = -1;
