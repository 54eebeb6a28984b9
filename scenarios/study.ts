/** What a study varies: the `study` section and --vary -> one scenario for each combination. */
import type { Variant } from '../sim/experiments/study.ts';
import { type Issue, ScenarioError, sortIssues } from './issue.ts';
import { MAX_VARIANTS } from './limits.ts';
import { type LoadedScenario, type LoadOptions, loadScenario } from './load.ts';
import { parseShare } from './units.ts';
import { issueAt, keyPositionOf, type Located, locate, type Position } from './yaml/located.ts';
import { parseYaml, parseYamlValue } from './yaml/parse.ts';
import { applySettings, parsePath, type Setting } from './yaml/set.ts';

export interface StudyOptions extends Omit<LoadOptions, 'settings'> {
  /** Axes, `path=a,b,c`; one of a path that the file varies replaces that axis. */
  readonly vary?: readonly string[];
}

export interface LoadedStudy {
  /** Without axes and named variants: the scenario alone, without settings. */
  readonly variants: readonly Variant[];
  /** What makes each variant of the file, as arguments of --set. */
  readonly settings: readonly (readonly string[])[];
  /** The file as it stands. */
  readonly base: LoadedScenario;
  /** As the section `study` states them. */
  readonly runs: number | undefined;
  /** A share. */
  readonly precision: number | undefined;
  /** Of all variants. */
  readonly warnings: readonly Issue[];
}

/** One of the things that differ: an axis of the grid. */
interface Axis {
  readonly path: string;
  readonly choices: readonly Choice[];
}

/** One step on an axis: settings that go together. */
interface Choice {
  /** Of the variant: `nodes.manager.count=3`, or a name that the file gives. */
  readonly name: string;
  readonly settings: readonly Stated[];
}

interface Stated extends Setting {
  /** The value as the user wrote it. */
  readonly text: string;
}

/** The name of the one variant of a study that varies nothing. */
export const ONLY_VARIANT = 'as it is';

/** Throws a ScenarioError with every mistake that could be found, in the file and in the options. */
export function loadStudy(text: string, options: StudyOptions = {}): LoadedStudy {
  const base = loadScenario(text, options);
  const fileName = options.fileName ?? '<scenario>';
  const root = applySettings(parseYaml(text, fileName).root, options.set ?? []);
  const axes = axesOf(root, options.vary ?? []);
  refuseDoubles(axes, options.set ?? []);
  const count = axes.reduce((product, { choices }) => product * choices.length, 1);
  if (count > MAX_VARIANTS) {
    const message = `${count} variants, all combinations of its axes: at most ${MAX_VARIANTS} are run at once`;
    throw new ScenarioError([issueAt(keyPositionOf(root, ['study']), ['study'], message)]);
  }
  const issues: Issue[] = [];
  const warnings: Issue[] = [...base.warnings];
  const variants: Variant[] = [];
  const settings: string[][] = [];
  for (const choices of combinations(axes)) {
    const stated = choices.flatMap((choice) => choice.settings);
    try {
      const loaded = stated.length === 0 ? base : loadScenario(text, { ...options, settings: stated });
      warnings.push(...loaded.warnings);
      variants.push({
        name: choices.map(({ name }) => name).join(', ') || ONLY_VARIANT,
        settings: Object.fromEntries(stated.map((each) => [each.path, each.text])),
        scenario: loaded.scenario,
      });
      settings.push(stated.map((each) => `${each.path}=${each.text}`));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      issues.push(...error.issues);
    }
  }
  if (issues.length > 0) throw new ScenarioError(issues);
  const { runs, precision } = base.file.study;
  return {
    variants,
    settings,
    base,
    runs,
    precision: precision === undefined ? undefined : parseShare(precision),
    warnings: sortIssues(warnings),
  };
}

/** In the order of the file, named variants first; then the axes that only the command line has. */
function axesOf(root: Located, vary: readonly string[]): Axis[] {
  const axes: Axis[] = [];
  const named = [...(locate(root, ['study', 'variants'])?.children ?? [])];
  if (named.length > 0) {
    axes.push({
      path: '',
      choices: named.map(([name, settings]) => ({
        name: String(name),
        settings: [...(settings.children ?? [])].map(([path, value]) => stated(String(path), value)),
      })),
    });
  }
  for (const [path, values] of locate(root, ['study', 'vary'])?.children ?? []) {
    const steps = [...(values.children?.values() ?? [])].map((value) => ({
      ...stated(String(path), value),
      at: values.keyAt ?? values.at,
    }));
    axes.push(axisOf(String(path), steps));
  }
  for (const axis of vary.map(parseAxis)) {
    const same = axes.findIndex(({ path }) => path !== '' && canonical(path) === canonical(axis.path));
    if (same < 0) axes.push(axis);
    else axes[same] = axis;
  }
  return axes;
}

function axisOf(path: string, steps: readonly Stated[]): Axis {
  return {
    path,
    choices: steps.map((step) => ({ name: `${path}=${step.text}`, settings: [step] })),
  };
}

function stated(path: string, value: Located): Stated {
  return { path, value, at: value.keyAt ?? value.at, text: asWritten(value.value) };
}

/** A text that --set takes for this value: the plain word where it is one. */
function asWritten(value: unknown): string {
  if (typeof value === 'string') {
    try {
      if (value !== '' && parseYamlValue(value, '').value === value) return value;
    } catch {
      // Not plain YAML: quoted.
    }
  }
  return JSON.stringify(value);
}

/** `--vary path=a,b,c`; a comma inside brackets or quotes belongs to the value. */
function parseAxis(text: string): Axis {
  const at: Position = { file: `--vary ${text}`, line: 0, column: 0 };
  const fail = (message: string): never => {
    throw new ScenarioError([issueAt(at, [], message)]);
  };
  const equals = text.indexOf('=');
  if (equals <= 0) return fail('write --vary path=a,b,c, like --vary nodes.manager.count=3,5,7');
  const path = text.slice(0, equals);
  const values = splitAtCommas(text.slice(equals + 1));
  if (values.some((value) => value === ''))
    return fail('a value is missing: write them with commas between, like --vary nodes.manager.count=3,5,7');
  return axisOf(
    path,
    values.map((value) => {
      const file = `--vary ${path}=${value}`;
      return { path, value: parseYamlValue(value, file), at: { ...at, file }, text: value };
    }),
  );
}

function splitAtCommas(text: string): string[] {
  const values: string[] = [];
  let open = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if ('([{'.includes(c)) open++;
    else if (')]}'.includes(c)) open--;
    else if (c === ',' && open === 0) {
      values.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...values, text.slice(from).trim()];
}

/** One spelling for paths that lead to the same place. */
function canonical(path: string): string {
  return JSON.stringify(parsePath(path)?.map(String) ?? path);
}

/** What is said twice, so that one of the two would silently count for nothing. */
function refuseDoubles(axes: readonly Axis[], set: readonly string[]): void {
  const issues: Issue[] = [];
  const sets = new Set(set.map((each) => canonical(each.slice(0, Math.max(0, each.indexOf('='))))));
  const seen = new Map<string, Axis>();
  for (const axis of axes) {
    const values = new Set<string>();
    const paths = new Set<string>();
    for (const { name, settings } of axis.choices) {
      if (axis.path !== '') {
        if (values.has(name)) issues.push(issueAt(settings[0]!.at, [], `${name} is given twice`));
        values.add(name);
      }
      for (const { path, at } of settings) {
        paths.add(canonical(path));
        if (sets.has(canonical(path)))
          issues.push(issueAt(at, [], `${path} is varied, so that --set ${path} would change nothing`));
        if (path === 'study' || path.startsWith('study.') || path === 'run.seed')
          issues.push(issueAt(at, [], `${path} cannot be varied`));
      }
    }
    for (const path of paths) {
      const other = seen.get(path);
      const at = axis.choices
        .flatMap(({ settings }) => settings)
        .find((each) => canonical(each.path) === path);
      if (other !== undefined && at !== undefined)
        issues.push(issueAt(at.at, [], `${at.path} is varied twice`));
      seen.set(path, axis);
    }
  }
  if (issues.length > 0) throw new ScenarioError(issues);
}

/** The last axis runs fastest. */
function combinations(axes: readonly Axis[]): Choice[][] {
  return axes.reduce<Choice[][]>(
    (before, { choices }) => before.flatMap((chosen) => choices.map((choice) => [...chosen, choice])),
    [[]],
  );
}
