/** A scenario file's text -> the scenario that the model takes, or every mistake with its line and column. */
import type * as z from 'zod';
import type { PlanSpec } from '../sim/experiments/plan/spec.ts';
import type { Seed } from '../sim/kernel/streams.ts';
import type { Scenario } from '../sim/scenario.ts';
import type { ReadSamples } from './distribution.ts';
import { readMatrix } from './importers/matrix.ts';
import { readSamples } from './importers/samples.ts';
import { type Issue, type Path, ScenarioError, sortIssues } from './issue.ts';
import { Context, type ReadFile } from './resolve/context.ts';
import { type PlannedEntries, resolveFaults, type StochasticEntries } from './resolve/faults.ts';
import { Names } from './resolve/names.ts';
import { resolveLinkClasses, resolveLinkRules } from './resolve/network.ts';
import { resolveNodes } from './resolve/nodes.ts';
import { resolveObjectives, resolveVantages, runLength } from './resolve/objectives.ts';
import { resolveOperators } from './resolve/operators.ts';
import { resolvePlaces } from './resolve/places.ts';
import { resolvePlan } from './resolve/plan.ts';
import { resolveSystems } from './resolve/systems.ts';
import { check, type SchemaIssue } from './schema/check.ts';
import { type ScenarioFile, scenarioFile } from './schema/file.ts';
import type { PlanSection } from './schema/plan.ts';
import { TextError } from './text-error.ts';
import { issueAt, keyPositionOf, type Located, positionOf } from './yaml/located.ts';
import { parseYaml } from './yaml/parse.ts';
import { applySettings, type Setting } from './yaml/set.ts';

export type { ReadFile } from './resolve/context.ts';

export interface LoadOptions {
  /** In messages; '<scenario>' when left out. */
  readonly fileName?: string;
  /** For empirical(...) and latency matrices. Left out, a scenario that names a file is an error. */
  readonly readFile?: ReadFile;
  /** Overrides, `path=value`, applied in turn before anything is checked. */
  readonly set?: readonly string[];
  /** Applied after `set`: what a variant of a study changes. */
  readonly settings?: readonly Setting[];
}

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** The file as checked: overrides applied, defaults filled in, nothing converted. */
  readonly file: ScenarioFile;
  /** The same without defaults: only what the text and the overrides say. */
  readonly stated: unknown;
  /** `run.seed`, when the scenario states one. */
  readonly seed: Seed | undefined;
  /** What `zonefall plan` may change: the section `plan`, what it leaves out filled in. */
  readonly plan: PlanSpec;
  readonly warnings: readonly Issue[];
}

/** Throws a ScenarioError with every mistake that could be found, in the order of the text. */
export function loadScenario(text: string, options: LoadOptions = {}): LoadedScenario {
  const fileName = options.fileName ?? '<scenario>';
  const parsed = parseYaml(text, fileName);
  const root = applySettings(parsed.root, [...(options.set ?? []), ...(options.settings ?? [])]);
  const context = new Context(root, samplesReader(options.readFile));
  context.warnings.push(...parsed.warnings);

  const value = withoutEmptySections(root.value as Record<string, unknown>);
  const checked = check(scenarioFile, value);
  const parts = 'value' in checked ? whole(checked.value) : tolerant(root, value, checked.issues, context);
  const scenario = parts === undefined ? undefined : resolve(parts, options.readFile, context);
  // Of a section that broke the schema nothing is left.
  const section = parts?.plan as PlanSection | undefined;
  const plan =
    parts === undefined || scenario === undefined || section === undefined
      ? undefined
      : resolvePlan(section, parts.nodes, scenario, context);
  if (context.issues.length > 0 || scenario === undefined || plan === undefined || !('value' in checked))
    throw new ScenarioError(context.issues);
  const file = checked.value;
  return {
    scenario: { ...scenario, title: scenario.title || titleOf(fileName) },
    file,
    stated: root.value,
    seed: file.run.seed,
    plan,
    warnings: sortIssues(context.warnings),
  };
}

function titleOf(fileName: string): string {
  return fileName.replace(/^.*[\\/]/, '').replace(/\.(ya?ml|json)$/i, '');
}

/** `timeline:` with every entry commented out is a section left out. */
function withoutEmptySections(file: Record<string, unknown>): Record<string, unknown> {
  const needed = ['version', 'topology', 'nodes', 'systems'];
  return Object.fromEntries(
    Object.entries(file).filter(
      ([key, value]) => value !== null || needed.includes(key) || !Object.hasOwn(scenarioFile.shape, key),
    ),
  );
}

/** A checked file, with null for list entries that have errors of their own. */
type Parts = Omit<ScenarioFile, 'timeline' | 'faults' | 'objectives'> & {
  readonly timeline: PlannedEntries;
  readonly faults: StochasticEntries;
  readonly objectives: readonly (string | null)[];
};

function whole(file: ScenarioFile): Parts {
  return file;
}

/**
 * The file broke the schema. Its issues are noted, and what can still be understood is looked at for more: unknown keys
 * left out, faults and objectives one by one. undefined when too little is left to go on.
 */
function tolerant(
  root: Located,
  file: Record<string, unknown>,
  issues: readonly SchemaIssue[],
  context: Context,
): Parts | undefined {
  for (const issue of issues) {
    const position = issue.points === 'key' ? keyPositionOf(root, issue.path) : positionOf(root, issue.path);
    context.add(issueAt(position, issue.path, issue.message, issue.suggestion));
  }
  const value = issues.reduce(
    (rest: unknown, issue) => (issue.unknownKey ? without(rest, issue.path) : rest),
    file,
  ) as Record<string, unknown>;
  const { timeline, faults, objectives, ...shape } = scenarioFile.shape;
  const parts: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    const result = (schema as z.ZodType).safeParse(value[key]);
    // A wrong version, title or run says nothing about the rest.
    if (
      !result.success &&
      ['topology', 'network', 'nodes', 'systems', 'vantages', 'operators', 'run'].includes(key)
    )
      return undefined;
    parts[key] = result.data;
  }
  const entries = (schema: z.ZodType, list: unknown): unknown[] =>
    Array.isArray(list) ? list.map((entry) => schema.safeParse(entry).data ?? null) : [];
  return {
    ...parts,
    timeline: entries(timeline.def.innerType.def.element, value.timeline),
    faults: entries(faults.def.innerType.def.element, value.faults),
    objectives: entries(objectives.def.innerType.def.element, value.objectives),
  } as unknown as Parts;
}

function without(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (value === null || typeof value !== 'object' || key === undefined) return value;
  if (Array.isArray(value)) return value.map((item, i) => (i === key ? without(item, rest) : item));
  if (rest.length > 0) return { ...value, [key]: without((value as Record<string, unknown>)[key], rest) };
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

function resolve(file: Parts, readFile: ReadFile | undefined, context: Context): Scenario | undefined {
  const found = context.issues.length;
  const places = resolvePlaces(file.topology, context);
  const nodes = resolveNodes(file.nodes, places, context);
  // What stands nowhere cannot be selected: messages about it would mislead.
  if (context.issues.length > found) return undefined;
  const names = new Names(places, nodes);
  const linkClasses = resolveLinkClasses(file.network, context);
  const linkRules = resolveLinkRules(
    file.network,
    names,
    (name, map) => readMatrix(readBeside(readFile, name), name, map),
    context,
  );
  const before = context.issues.length;
  resolveSystems(file.systems, names, context);
  const vantages = resolveVantages(file.vantages, names, context);
  const run = runLength(file.run);
  if (run.warmUpUs + run.durationUs > Number.MAX_SAFE_INTEGER)
    context.error(['run', 'warm-up'], 'warm-up and duration together are longer than 285 years');
  // With a system in error, "unknown system" would be said of names that are right.
  if (context.issues.length > before) return undefined;
  const crews = Object.keys(file.operators.crews);
  const faults = resolveFaults(file.timeline, file.faults, names, run.durationUs, crews, context);
  const operators = resolveOperators(file.operators, names, run.durationUs, context);
  const objectives = resolveObjectives(file.objectives, names, vantages, run.durationUs, context);
  return {
    title: file.title,
    description: file.description,
    world: { places: places.specs, nodes, linkClasses, linkRules },
    systems: names.systems,
    faults,
    ...(operators !== undefined && { operators }),
    objectives,
    vantages,
    run,
  };
}

function samplesReader(readFile: ReadFile | undefined): ReadSamples {
  const read = new Map<string, readonly number[]>();
  return (reference) => {
    const key = JSON.stringify(reference);
    const samples = read.get(key) ?? readSamples(readBeside(readFile, reference.file), reference);
    read.set(key, samples);
    return samples;
  };
}

function readBeside(readFile: ReadFile | undefined, name: string): string {
  if (readFile === undefined)
    throw new TextError(`cannot read ${name}: this scenario is read without files beside it`);
  try {
    return readFile(name);
  } catch (error) {
    throw new TextError(`cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
