/** How places nest. */
import type { PlaceSpec } from './topology.ts';

export class Places {
  readonly #byName: ReadonlyMap<string, PlaceSpec>;

  constructor(places: readonly PlaceSpec[]) {
    this.#byName = new Map(places.map((place) => [place.name, place]));
  }

  levelOf(name: string): PlaceSpec['level'] | undefined {
    return this.#byName.get(name)?.level;
  }

  /** The place and all that hold it, smallest first. */
  around(place: string): string[] {
    const chain: string[] = [];
    for (let at: string | null = place; at !== null; at = this.#byName.get(at)?.parent ?? null)
      chain.push(at);
    return chain;
  }

  /** The zone that a place is, or stands in. */
  zoneOf(place: string): string {
    return this.around(place).find((name) => this.levelOf(name) === 'zone') ?? place;
  }
}
