/** A named set of a product's constants, by version, with its source. */
export interface Profile<P> {
  readonly parameters: P;
  /** Product and version, and where the constants were read. */
  readonly source: string;
}
