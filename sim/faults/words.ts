/** Words for selectors and figures in the titles of faults. */
import type { NodeSelector } from './fault-spec.ts';

/** A selector as a person would say it: "the leader of etcd", "us-west/b", "any 2 of the managers". */
export function selectorWords(selector: NodeSelector): string {
  switch (selector.kind) {
    case 'all':
      return 'every node';
    case 'node':
      return selector.node;
    case 'place':
      return selector.place;
    case 'role':
      return `every ${selector.role}`;
    case 'label':
      return `every node with ${selector.key}=${selector.value}`;
    case 'members':
      return `every member of ${selector.system}`;
    case 'leader':
      return `the leader of ${selector.system}`;
    case 'followers':
      return `every follower of ${selector.system}`;
    case 'majority':
      return `a majority of ${selector.system}`;
    case 'minority':
      return `a minority of ${selector.system}`;
    case 'any':
      return anyWords(selector.count, selector.of);
    case 'union':
      return listed(selector.of.map(selectorWords));
    case 'intersection':
      // "all except b" is everything but b.
      return selector.of
        .filter((each, _, all) => each.kind !== 'all' || all.length === 1)
        .map(selectorWords)
        .join(' in ');
    case 'not':
      return `everything but ${selectorWords(selector.of)}`;
  }
}

/** "is" or "are", as the words for the selector ask. */
export function isOrAre(selector: NodeSelector): 'is' | 'are' {
  const several =
    selector.kind === 'any' ? selector.count > 1 : selector.kind === 'union' && selector.of.length > 1;
  return several ? 'are' : 'is';
}

/** "any manager", "any 2 nodes", "any 2 of m1, m2 and m3". */
function anyWords(count: number, of: NodeSelector): string {
  const noun = of.kind === 'role' ? of.role : of.kind === 'all' ? 'node' : null;
  if (noun !== null) return count === 1 ? `any ${noun}` : `any ${count} ${noun}s`;
  return `any ${count} of ${selectorWords(of)}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** "1.5 s", "250 ms", "2 min 30 s". */
export function durationWords(us: number): string {
  if (us < 1_000) return `${us} us`;
  if (us < 1_000_000) return `${trimmed(us / 1_000)} ms`;
  if (us < 60_000_000) return `${trimmed(us / 1_000_000)} s`;
  if (us < 3_600_000_000) return joined(us, 60_000_000, 'min', 1_000_000, 's');
  if (us < 86_400_000_000) return joined(us, 3_600_000_000, 'h', 60_000_000, 'min');
  return joined(us, 86_400_000_000, 'd', 3_600_000_000, 'h');
}

function joined(us: number, bigUs: number, big: string, smallUs: number, small: string): string {
  const whole = Math.floor(us / bigUs);
  const rest = Math.round((us - whole * bigUs) / smallUs);
  return rest === 0 ? `${whole} ${big}` : `${whole} ${big} ${rest} ${small}`;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)));
}
