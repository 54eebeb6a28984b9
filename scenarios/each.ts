/**
 * `each manager`, `each zone in us-west`: a process of its own for each of them. Behind `each` stands a level of places, or
 * a selector of nodes.
 *
 *     each = "each" ( level [ "in" place ] | selector )
 */
import { PLACE_LEVELS, type PlaceLevel } from '../sim/world/topology.ts';
import { behindEach, parseSelector } from './selector.ts';
import { TextError } from './text-error.ts';

export type EachSyntax =
  | { readonly kind: 'places'; readonly level: PlaceLevel; readonly within: string | undefined }
  | { readonly kind: 'nodes'; readonly selector: string };

/** undefined for a selector without `each`, which is checked all the same. */
export function parseEach(text: string): EachSyntax | undefined {
  const behind = behindEach(text);
  if (behind === undefined) {
    parseSelector(text);
    return undefined;
  }
  const places = /^(\S+)(?:\s+in\s+(\S+))?$/.exec(behind.trim());
  const level = PLACE_LEVELS.find((one) => places?.[1] === one || places?.[1] === `${one}s`);
  if (level !== undefined) return { kind: 'places', level, within: places![2] };
  if (/^any\b/.test(behind.trim())) {
    throw new TextError(`"${text}": each takes all of them, one by one: leave "any" out, or "each"`);
  }
  parseSelector(behind);
  return { kind: 'nodes', selector: behind };
}
