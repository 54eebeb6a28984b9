/** A set of nodes as bits by their number: a file may hold thousands of selectors over thousands of nodes. */
export class NodeSet {
  /** How many nodes there are in all. */
  readonly universe: number;
  readonly #words: Uint32Array;
  #size = -1;

  private constructor(universe: number, words: Uint32Array) {
    this.universe = universe;
    this.#words = words;
  }

  static of(universe: number, nodes: Iterable<number>): NodeSet {
    const words = new Uint32Array(Math.ceil(universe / 32));
    for (const node of nodes) words[node >>> 5]! |= 1 << (node & 31);
    return new NodeSet(universe, words);
  }

  static all(universe: number): NodeSet {
    return NodeSet.of(universe, []).complement();
  }

  get size(): number {
    if (this.#size < 0) {
      this.#size = 0;
      for (const word of this.#words) this.#size += ones(word);
    }
    return this.#size;
  }

  has(node: number): boolean {
    return ((this.#words[node >>> 5]! >>> (node & 31)) & 1) === 1;
  }

  union(other: NodeSet): NodeSet {
    return new NodeSet(
      this.universe,
      this.#words.map((word, i) => word | other.#words[i]!),
    );
  }

  intersection(other: NodeSet): NodeSet {
    return new NodeSet(
      this.universe,
      this.#words.map((word, i) => word & other.#words[i]!),
    );
  }

  complement(): NodeSet {
    const words = this.#words.map((word) => ~word);
    const last = this.universe & 31;
    if (last > 0) words[words.length - 1]! &= (1 << last) - 1;
    return new NodeSet(this.universe, words);
  }

  equals(other: NodeSet): boolean {
    return this.#words.every((word, i) => word === other.#words[i]!);
  }

  /** The lowest number in the set; undefined when it is empty. */
  first(): number | undefined {
    for (let node = 0; node < this.universe; node++) if (this.has(node)) return node;
    return undefined;
  }
}

function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
