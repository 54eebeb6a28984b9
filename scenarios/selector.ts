/**
 * Which nodes, in words: `manager-1`, `us-west/b`, `managers`, `role:worker`, `label:disk=ssd`, `leader of etcd`,
 * `any two managers`, `managers in us-west/a`, `all except workers`, `manager-1, dtr-2`.
 *
 *     selector = list [ "except" list ]
 *     list     = part { "," part }
 *     part     = base { "in" base }
 *     base     = "(" selector ")" | "all" [ base ] | "any" [ number ] [ "of" ] part
 *              | ( "leader" | "followers" | "members" | "majority" | "minority" ) "of" system
 *              | "role:" name | "label:" key "=" value | "node:" name | "place:" name | name
 *
 * `except` takes away from everything before it, so `a, b except c` is (a and b) without c.
 */
import type { NodeSelector } from '../sim/faults/fault-spec.ts';
import { MAX_SELECTOR_DEPTH, MAX_SELECTOR_WORDS } from './limits.ts';
import { TextError } from './text-error.ts';

/** A selector as written; names are not looked up yet. */
export type SelectorSyntax =
  | { readonly kind: 'all' }
  | { readonly kind: 'name' | 'node' | 'place' | 'role'; readonly name: string }
  | { readonly kind: 'label'; readonly key: string; readonly value: string }
  | { readonly kind: SystemWord; readonly system: string }
  | { readonly kind: 'any'; readonly count: number; readonly of: SelectorSyntax }
  | { readonly kind: 'union' | 'intersection'; readonly of: readonly SelectorSyntax[] }
  | { readonly kind: 'not'; readonly of: SelectorSyntax };

export type SystemWord = 'leader' | 'followers' | 'members' | 'majority' | 'minority';
const SYSTEM_WORDS: readonly SystemWord[] = ['leader', 'followers', 'members', 'majority', 'minority'];

const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Words with a meaning of their own: no group, role, node, system or place may be called so. */
export const SELECTOR_WORDS: readonly string[] = [
  'all',
  'any',
  'each',
  'of',
  'in',
  'except',
  ...SYSTEM_WORDS,
];

/** What stands behind `each` at the beginning of a selector; undefined when it does not begin so. */
export function behindEach(text: string): string | undefined {
  return /^\s*each\s+(.*)$/s.exec(text)?.[1];
}

/** Throws a TextError when the text has not the form of a selector. */
export function parseSelector(text: string): SelectorSyntax {
  const words = text.match(/[(),]|[^\s(),]+/g) ?? [];
  if (words.length === 0)
    throw new TextError('a selector is missing: write a node, a place, a role, or e.g. "leader of etcd"');
  if (words.length > MAX_SELECTOR_WORDS)
    throw new TextError(`a selector has at most ${MAX_SELECTOR_WORDS} words`);
  const parser = new SelectorParser(text, words);
  const selector = parser.selector(0);
  parser.end();
  return selector;
}

class SelectorParser {
  readonly #text: string;
  readonly #words: readonly string[];
  #next = 0;

  constructor(text: string, words: readonly string[]) {
    this.#text = text;
    this.#words = words;
  }

  selector(depth: number): SelectorSyntax {
    const chosen = this.#list(depth);
    if (!this.#accept('except')) return chosen;
    const without = this.#list(depth);
    if (this.#peek() === 'except')
      throw new TextError(`"${this.#text}": "except" may stand once; list what to leave out with commas`);
    return { kind: 'intersection', of: [chosen, { kind: 'not', of: without }] };
  }

  end(): void {
    const rest = this.#peek();
    if (rest === undefined) return;
    if (rest === ')') throw new TextError(`"${this.#text}": a ) without its (`);
    throw new TextError(`"${this.#text}": "${rest}" does not follow here; separate selectors with commas`);
  }

  #list(depth: number): SelectorSyntax {
    const parts = [this.#part(depth)];
    while (this.#accept(',')) parts.push(this.#part(depth));
    return parts.length === 1 ? parts[0]! : { kind: 'union', of: parts };
  }

  #part(depth: number): SelectorSyntax {
    const parts = [this.#base(depth)];
    while (this.#accept('in')) parts.push(this.#base(depth));
    return parts.length === 1 ? parts[0]! : { kind: 'intersection', of: parts };
  }

  #base(depth: number): SelectorSyntax {
    if (depth > MAX_SELECTOR_DEPTH)
      throw new TextError(`a selector is nested more than ${MAX_SELECTOR_DEPTH} deep`);
    const word = this.#take();
    if (word === '(') {
      const inner = this.selector(depth + 1);
      if (!this.#accept(')')) throw new TextError(`"${this.#text}": the closing parenthesis is missing`);
      return inner;
    }
    if (word === 'all') return this.#beginsBase() ? this.#base(depth + 1) : { kind: 'all' };
    if (word === 'any') return this.#any(depth);
    if (word === 'each')
      throw new TextError(
        `"${this.#text}": "each" stands first, in an entry with every: it makes a process of its own for each of them`,
      );
    if (isSystemWord(word)) {
      if (!this.#accept('of'))
        throw new TextError(`"${this.#text}": write "${word} of" and a system, like "${word} of etcd"`);
      return { kind: word, system: this.#name('a system') };
    }
    if (word === ')' || word === ',' || SELECTOR_WORDS.includes(word)) throw this.#unexpected(word);
    return prefixed(word);
  }

  #any(depth: number): SelectorSyntax {
    const count = numberOf(this.#peek());
    if (count !== undefined) this.#next++;
    if (count === 0) throw new TextError(`"${this.#text}": "any" takes at least one node`);
    this.#accept('of');
    const parts = [this.#base(depth + 1)];
    while (this.#accept('in')) parts.push(this.#base(depth + 1));
    return {
      kind: 'any',
      count: count ?? 1,
      of: parts.length === 1 ? parts[0]! : { kind: 'intersection', of: parts },
    };
  }

  #beginsBase(): boolean {
    const word = this.#peek();
    return word !== undefined && ![')', ',', 'in', 'except', 'of'].includes(word);
  }

  #name(what: string): string {
    const word = this.#take();
    if (word === '(' || word === ')' || word === ',' || SELECTOR_WORDS.includes(word))
      throw this.#unexpected(word, what);
    return word;
  }

  #unexpected(word: string, what = 'a node, a place, a role or a system'): TextError {
    return new TextError(`"${this.#text}": expected ${what}, not "${word}"`);
  }

  #peek(): string | undefined {
    return this.#words[this.#next];
  }

  #take(): string {
    const word = this.#words[this.#next++];
    if (word === undefined) throw new TextError(`"${this.#text}": the selector ends too early`);
    return word;
  }

  #accept(word: string): boolean {
    if (this.#peek() !== word) return false;
    this.#next++;
    return true;
  }
}

function isSystemWord(word: string): word is SystemWord {
  return (SYSTEM_WORDS as readonly string[]).includes(word);
}

function numberOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (/^\d{1,6}$/.test(word)) return Number(word);
  const spelled = NUMBER_WORDS.indexOf(word);
  return spelled < 0 ? undefined : spelled;
}

function prefixed(word: string): SelectorSyntax {
  const match = /^(role|label|node|place):(.*)$/.exec(word);
  if (match === null) return { kind: 'name', name: word };
  const [, prefix, rest] = match;
  if (prefix === 'label') {
    const equals = rest!.indexOf('=');
    if (equals <= 0) throw new TextError(`"${word}": write a label with its value, like label:disk=ssd`);
    return { kind: 'label', key: rest!.slice(0, equals), value: rest!.slice(equals + 1) };
  }
  if (rest === '') throw new TextError(`"${word}": a name is missing behind ${prefix}:`);
  return { kind: prefix as 'role' | 'node' | 'place', name: rest! };
}

/** A union of several selectors, or the one. */
export function unionOf(selectors: readonly NodeSelector[]): NodeSelector {
  return selectors.length === 1 ? selectors[0]! : { kind: 'union', of: selectors };
}
