/** The schema's leaves: texts with a unit or a small grammar of their own. Each is checked here and converted later. */
import * as z from 'zod';
import { mean } from '../../sim/kernel/distribution.ts';
import { parseAfter } from '../after.ts';
import { parseDistribution } from '../distribution.ts';
import { parseEach } from '../each.ts';
import { MAX_NAME_LENGTH } from '../limits.ts';
import { parseObjective } from '../objective.ts';
import { parseSelector, SELECTOR_WORDS } from '../selector.ts';
import { TextError } from '../text-error.ts';
import {
  bareNumber,
  parseDuration,
  parsePpm,
  parseRate,
  parseShare,
  parseSignedDuration,
  parseSize,
} from '../units.ts';

/** What the editor shows: prose, the unit, and examples. */
export type Doc = {
  readonly description: string;
  readonly examples: readonly unknown[];
  /** For people; empty for things that have none. */
  readonly unit?: string;
  /** Where the default is not a plain `.default()`. */
  readonly default?: unknown;
};

/** A text that `parse` accepts; what it throws becomes the issue. `number` words the message for a number without a unit. */
function checked(parse: (text: string) => unknown, number: (value: number) => string) {
  return z
    .string({ error: (issue) => (typeof issue.input === 'number' ? number(issue.input) : undefined) })
    .superRefine((text, context) => report(context, () => parse(text)));
}

function report(context: Pick<z.RefinementCtx, 'addIssue'>, parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    context.addIssue({ code: 'custom', message: error.message, params: { suggestion: error.suggestion } });
  }
}

const DURATION_UNIT = 'duration: us, ms, s, m, h, d, w, y, or ISO 8601';

export function duration(doc: Doc, allowZero = true) {
  return checked((text) => {
    if (parseDuration(text) === 0 && !allowZero) throw new TextError('must be longer than zero');
  }, bareNumber).meta({ unit: DURATION_UNIT, ...doc });
}

export function signedDuration(doc: Doc) {
  return checked(parseSignedDuration, bareNumber).meta({ unit: `${DURATION_UNIT}; may be negative`, ...doc });
}

/** Files of samples are read later, by the loader. */
export function distribution(doc: Doc, allowZero = true) {
  return checked((text) => {
    // Of samples nothing is known yet but that they are some.
    const read = parseDistribution(text, () => [1]);
    if (mean(read) === 0 && !allowZero) throw new TextError('must be longer than zero');
  }, bareNumber).meta({
    unit: 'duration, or a distribution of durations: constant, uniform, normal, lognormal, exponential, weibull, empirical',
    ...doc,
  });
}

export function size(doc: Doc) {
  return checked(parseSize, (value) => `a size needs a unit: write ${value}GiB or ${value}MB`).meta({
    unit: 'size: B, kB, MB, GB, TB, KiB, MiB, GiB, TiB',
    ...doc,
  });
}

export function rate(doc: Doc) {
  return checked(parseRate, (value) => `a rate needs a unit: write ${value}Mbps or ${value}Gbps`).meta({
    unit: 'bits per second: bps, kbps, Mbps, Gbps, Tbps',
    ...doc,
  });
}

export function ppm(doc: Doc) {
  return checked(parsePpm, (value) => `a clock rate needs its unit: write ${value}ppm`).meta({
    unit: 'parts per million',
    ...doc,
  });
}

export function share(doc: Doc) {
  return z
    .union([z.string(), z.number()], { error: 'expected a share like 99.95% or 0.001' })
    .superRefine((value, context) => report(context, () => parseShare(value)))
    .meta({ unit: 'share: 0 to 1, or a percentage', ...doc });
}

const SELECTOR_UNIT =
  'selector: node, place, role, "leader of SYSTEM", "any two ROLE", "all except ...", commas join';

function selectorText() {
  return checked(
    parseSelector,
    (value) => `expected a selector (a node, a place, a role, "leader of etcd"), not the number ${value}`,
  );
}

/** One selector, or a list of them that together select. */
export function selector(doc: Doc) {
  return z
    .union([selectorText(), z.array(selectorText()).min(1)], {
      error: 'expected a selector, like "manager-1", or a list of selectors',
    })
    .meta({ unit: SELECTOR_UNIT, ...doc });
}

/** A selector that may begin with `each`. */
export function eachSelector(doc: Doc) {
  const text = checked(
    (written) => parseEach(written),
    (value) => `expected a selector (a node, a place, a role, "each manager"), not the number ${value}`,
  );
  return z
    .union([text, z.array(text).min(1)], {
      error: 'expected a selector, like "manager-1", or a list of selectors',
    })
    .meta({ unit: `${SELECTOR_UNIT}; with every also "each ..."`, ...doc });
}

export function objective(doc: Doc) {
  return checked(
    parseObjective,
    (value) => `expected an objective like "etcd write availability >= 98%", not the number ${value}`,
  ).meta(doc);
}

export function after(doc: Doc) {
  return checked(parseAfter, (value) => `expected the name of a fault, not the number ${value}`).meta(doc);
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Of places, groups, roles, nodes, systems and faults. */
export function name(doc: Doc) {
  return nameText().meta({ pattern: NAME.source, maxLength: MAX_NAME_LENGTH, ...doc });
}

export function nameText() {
  return checked(checkName, (value) => `a name is text: quote the number, "${value}"`);
}

export function checkName(text: string): void {
  if (text.length > MAX_NAME_LENGTH)
    throw new TextError(`a name has at most ${MAX_NAME_LENGTH} characters; this one has ${text.length}`);
  if (!NAME.test(text))
    throw new TextError(
      `"${text}" is not a name: use letters, digits, "-", "_" and ".", beginning with a letter or digit`,
    );
  if (SELECTOR_WORDS.includes(text))
    throw new TextError(`"${text}" is a word of selectors and cannot be a name`);
}

/** A place by its full name: `us`, `us-west`, `us-west/a`, `us-west/a/r1`. */
export function placeName(doc: Doc) {
  return z
    .string()
    .meta({ unit: 'place: region, datacenter, datacenter/zone or datacenter/zone/rack', ...doc });
}

export function wholeNumber(low: number, high: number, doc: Doc) {
  const expected = `expected a whole number from ${low} to ${high}`;
  return z
    .number({ error: (issue) => `${expected}, not ${describeInput(issue.input)}` })
    .refine((value) => Number.isInteger(value) && value >= low && value <= high, {
      error: (issue) => `${expected}, not ${describeInput(issue.input)}`,
    })
    .meta({ type: 'integer', minimum: low, maximum: high, ...doc });
}

function describeInput(input: unknown): string {
  return typeof input === 'string'
    ? `the text "${input}"`
    : input === null
      ? 'nothing'
      : typeof input === 'object'
        ? 'a list or map'
        : String(input);
}

export function flag(doc: Doc) {
  return z.boolean({ error: 'expected true or false' }).meta(doc);
}

export function choice<const T extends readonly [string, ...string[]]>(values: T, doc: Doc) {
  return z.enum(values).meta(doc);
}
