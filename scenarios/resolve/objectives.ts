/** `objectives` and `vantages` -> limits of the model, and from where operations are tried. */
import type { ObjectiveSpec } from '../../sim/measures/objectives.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { OPERATIONS } from '../../sim/systems/profiles.ts';
import { formatPath } from '../issue.ts';
import { listOf, nearest } from '../nearest.ts';
import { parseObjective } from '../objective.ts';
import type { ScenarioFile } from '../schema/file.ts';
import { parseDuration } from '../units.ts';
import type { Context } from './context.ts';
import { hasLeader } from './kinds.ts';
import { type Names, noNodeIn } from './names.ts';

type Vantages = Scenario['vantages'];
type Level = Vantages['levels'][number];
const LEVELS: readonly Level[] = ['region', 'datacenter', 'zone', 'node'];

export function resolveVantages(
  vantages: ScenarioFile['vantages'],
  names: Names,
  context: Context,
): { levels: Level[]; nodes: string[] } {
  const levels: Level[] = [];
  const nodes: string[] = [];
  vantages.forEach((word, i) => {
    const level = LEVELS.find((candidate) => candidate === word || `${candidate}s` === word);
    if (level !== undefined) levels.push(level);
    else if (names.isNode(word)) nodes.push(word);
    else {
      const known = [...LEVELS, ...names.nodes.map((node) => node.name)];
      const place = names.places.get(word);
      if (place !== undefined && place.level !== 'rack')
        context.error(
          ['vantages', i],
          `${word} is a ${place.level}: write ${place.level}, for every place of that level${
            names.isInhabited(word) ? '' : ` that holds a node; ${noNodeIn(word)}`
          }`,
        );
      else
        context.error(
          ['vantages', i],
          `"${word}" is neither a level (${listOf(LEVELS)}) nor a node`,
          nearest(word, known),
        );
    }
  });
  if (vantages.length === 0)
    context.error(['vantages'], 'no vantage: users must try their operations from somewhere');
  return { levels: LEVELS.filter((level) => levels.includes(level)), nodes: [...new Set(nodes)] };
}

/** Also adds the nodes that objectives name to the vantages. `texts` has null where an entry has errors of its own. */
export function resolveObjectives(
  texts: readonly (string | null)[],
  names: Names,
  vantages: { levels: Level[]; nodes: string[] },
  durationUs: number,
  context: Context,
): ObjectiveSpec[] {
  return texts.flatMap((text, i) => {
    if (text === null) return [];
    const path = ['objectives', i];
    const syntax = parseObjective(text);
    const before = context.issues.length;
    const systems = names.systemsNamed(syntax.system);
    if (systems.length === 0) {
      const known = names.systemNames();
      context.error(
        path,
        `unknown system "${syntax.system}": known are ${listOf(known)}`,
        nearest(syntax.system, known),
      );
      return [];
    }
    const { metric } = syntax;
    if ('operation' in metric) {
      const kind = systems[0]!.kind;
      const operations = OPERATIONS[kind];
      if (!operations.includes(metric.operation)) {
        context.error(
          path,
          `${kind} has no operation "${metric.operation}": it has ${listOf(operations)}`,
          nearest(metric.operation, operations),
        );
      }
      if (metric.vantage !== null) checkVantage(metric.vantage, path, names, vantages, context);
      if (
        ['downtime', 'degraded', 'waiting', 'longest-outage'].includes(metric.kind) &&
        syntax.comparison.startsWith('<') &&
        syntax.limit >= durationUs
      ) {
        context.warn(path, 'always holds: the limit is longer than the run');
      }
    } else if (!hasLeader(systems[0]!.kind)) {
      context.error(path, `nobody leads ${syntax.system}: it has no failovers and no elections`);
    }
    if (context.issues.length > before) return [];
    return [{ text: text.trim().replace(/\s+/g, ' '), ...syntax, origin: formatPath(path) }];
  });
}

function checkVantage(
  word: string,
  path: readonly (string | number)[],
  names: Names,
  vantages: { levels: Level[]; nodes: string[] },
  context: Context,
): void {
  if (names.isNode(word)) {
    if (!vantages.levels.includes('node') && !vantages.nodes.includes(word)) vantages.nodes.push(word);
    return;
  }
  const place = names.places.get(word);
  if (place === undefined) {
    const known = [...names.places.names(), ...names.nodes.map((node) => node.name)];
    context.error(path, `"${word}" is no place or node`, nearest(word, known));
  } else if (place.level === 'rack')
    context.error(path, `${word} is a rack: operations are tried from regions, datacenters, zones and nodes`);
  else if (!vantages.levels.includes(place.level))
    context.error(path, `${word} is no vantage: add ${place.level} to vantages`);
  else if (!names.isInhabited(word)) context.error(path, noNodeIn(word));
}

export function runLength(run: ScenarioFile['run']): { durationUs: number; warmUpUs: number } {
  return { durationUs: parseDuration(run.duration), warmUpUs: parseDuration(run['warm-up']) };
}
