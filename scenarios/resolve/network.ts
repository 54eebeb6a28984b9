/** `network` -> link classes and rules. */
import { constant, type Distribution, scaled } from '../../sim/kernel/distribution.ts';
import { LINK_CLASSES, type LinkClass, type LinkQuality, type LinkRule } from '../../sim/world/topology.ts';
import type { Path } from '../issue.ts';
import { MAX_LINK_RULES } from '../limits.ts';
import { listOf, nearest } from '../nearest.ts';
import type { ScenarioFile } from '../schema/file.ts';
import { LINK_DEFAULTS } from '../schema/link-defaults.ts';
import { parseDuration, parseRate, parseShare } from '../units.ts';
import type { Context } from './context.ts';
import type { Names } from './names.ts';

type Quality = ScenarioFile['network']['links'][number];

/** Rows of a latency matrix; throws a ScenarioError that points into the file. */
export type ReadMatrix = (file: string, names: ReadonlyMap<string, string>) => MatrixRows;
export interface MatrixRows {
  readonly rows: readonly { readonly from: string; readonly to: string; readonly oneWayUs: number }[];
  /** Every name that stands in the file. */
  readonly known: readonly string[];
}

export function resolveLinkClasses(
  network: ScenarioFile['network'],
  context: Context,
): Record<LinkClass, LinkQuality> {
  const classes = {} as Record<LinkClass, LinkQuality>;
  for (const linkClass of LINK_CLASSES) {
    const { source: _, ...defaults } = LINK_DEFAULTS[linkClass];
    const stated = network[linkClass] ?? {};
    const { rtt: __, ...rest } = defaults;
    const filled = stated['one-way'] === undefined ? { ...defaults, ...stated } : { ...rest, ...stated };
    classes[linkClass] = quality(filled, ['network', linkClass], context);
  }
  return classes;
}

/** Rules of the matrix first: a link wins over it as the later of equals. */
export function resolveLinkRules(
  network: ScenarioFile['network'],
  names: Names,
  readMatrix: ReadMatrix,
  context: Context,
): LinkRule[] {
  const rules: LinkRule[] =
    network.matrix === undefined ? [] : matrixRules(network.matrix, names, readMatrix, context);
  network.links.forEach((link, i) => {
    const path: Path = ['network', 'links', i];
    const ends = link.between ?? [link.from!, link.to!];
    const endPath = (end: 0 | 1): Path =>
      link.between === undefined ? [...path, end === 0 ? 'from' : 'to'] : [...path, 'between', end];
    const known = [
      knownEnd(ends[0]!, endPath(0), names, context),
      knownEnd(ends[1]!, endPath(1), names, context),
    ];
    if (known.includes(false)) return;
    const stated = quality(link, path, context);
    if (Object.keys(stated).length === 0)
      context.error(path, 'says nothing of the link: state rtt, one-way, jitter, loss or bandwidth');
    rules.push({ from: ends[0]!, to: ends[1]!, ...stated });
    if (link.between !== undefined && ends[0] !== ends[1])
      rules.push({ from: ends[1]!, to: ends[0]!, ...stated });
  });
  if (rules.length > MAX_LINK_RULES)
    context.error(
      ['network'],
      `${rules.length} rules for links, and a scenario has at most ${MAX_LINK_RULES}`,
    );
  return rules;
}

function quality(link: Partial<Quality>, path: Path, context: Context): LinkQuality {
  return {
    ...(link.rtt === undefined
      ? {}
      : { latencyUs: halved(context.distribution([...path, 'rtt'], link.rtt)) }),
    ...(link['one-way'] === undefined
      ? {}
      : { latencyUs: context.distribution([...path, 'one-way'], link['one-way']) }),
    ...(link.jitter === undefined ? {} : { jitterUs: parseDuration(link.jitter) }),
    ...(link.loss === undefined ? {} : { loss: parseShare(link.loss) }),
    ...(link.bandwidth === undefined ? {} : { bandwidthBitsPerSecond: parseRate(link.bandwidth) }),
  };
}

/** Round trip -> one way. */
export function halved(rttUs: Distribution): Distribution {
  const oneWay = scaled(rttUs, 0.5);
  return oneWay.kind === 'constant' ? constant(Math.round(oneWay.value)) : oneWay;
}

function knownEnd(end: string, path: Path, names: Names, context: Context): boolean {
  if (names.isNode(end) || names.places.get(end) !== undefined) return true;
  const known = [...names.places.names(), ...names.nodes.map((node) => node.name)];
  context.error(
    path,
    `"${end}" is no place or node: places are ${listOf(names.places.names())}`,
    nearest(end, known),
  );
  return false;
}

function matrixRules(
  matrix: NonNullable<ScenarioFile['network']['matrix']>,
  names: Names,
  readMatrix: ReadMatrix,
  context: Context,
): LinkRule[] {
  const path: Path = ['network', 'matrix'];
  const mapped = new Map<string, string>();
  for (const [csvName, place] of Object.entries(matrix.names)) {
    if (knownEnd(place, [...path, 'names', csvName], names, context)) mapped.set(csvName, place);
  }
  const read = context.attempt<MatrixRows | undefined>([...path, 'file'], undefined, () =>
    readMatrix(matrix.file, mapped),
  );
  if (read === undefined) return [];
  for (const csvName of mapped.keys()) {
    if (!read.known.includes(csvName)) {
      context.keyError(
        [...path, 'names', csvName],
        `${matrix.file} does not know "${csvName}": its names are ${listOf(read.known)}`,
        nearest(csvName, read.known),
      );
    }
  }
  return read.rows.map(({ from, to, oneWayUs }) => ({ from, to, latencyUs: constant(oneWayUs) }));
}
