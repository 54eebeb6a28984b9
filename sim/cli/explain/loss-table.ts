/** The table "survives / does not survive": losses with the same outcome share a row, systems with the same column a column. */
import { clean, list, operationNoun } from '../../../reports/words.ts';
import type { OperationSurvival, Survival } from '../../exact/survival.ts';
import type { LossExplanation } from './explanation.ts';

export interface LossTable {
  /** Names of systems, joined where their columns are the same. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly string[] }[];
}

export function lossTable(losses: readonly LossExplanation[]): LossTable {
  if (losses.length === 0) return { columns: [], rows: [] };
  const systems = losses[0]!.systems.map(({ system }) => system);
  const cells = losses.map((loss) => loss.systems.map((system) => outcomeWords(system)));
  const groups: number[][] = [];
  systems.forEach((_, s) => {
    const same = groups.find((group) => cells.every((row) => row[group[0]!] === row[s]));
    if (same === undefined) groups.push([s]);
    else same.push(s);
  });
  const rows: { losses: LossExplanation[]; cells: string[] }[] = [];
  losses.forEach((loss, i) => {
    const row = groups.map((group) => cells[i]![group[0]!]!);
    const same = rows.find(
      (other) => other.losses[0]!.level === loss.level && other.cells.join('\0') === row.join('\0'),
    );
    if (same === undefined) rows.push({ losses: [loss], cells: row });
    else same.losses.push(loss);
  });
  return {
    columns: groups.map((group) => group.map((s) => clean(systems[s]!)).join(', ')),
    rows: rows.map((row) => ({ label: label(row.losses), cells: row.cells })),
  };
}

/** Rows name at most so many nodes and places. */
const NAMES_MAX = 8;

function label(losses: readonly LossExplanation[]): string {
  const { level, names, sameAs } = losses[0]!;
  if (losses.length === 1) {
    const also = sameAs.length === 0 ? '' : ` (= ${list(sameAs.map(clean))})`;
    return level === 'two zones' ? `zones ${list(names.map(clean))}` : `${level} ${clean(names[0]!)}${also}`;
  }
  if (level === 'two zones') {
    const zones = new Set(losses.flatMap((loss) => loss.names));
    const every = (zones.size * (zones.size - 1)) / 2 === losses.length;
    if (every) return `any two of zones ${some([...zones])}`;
    return `zones ${losses.map((loss) => loss.names.map(clean).join(' + ')).join(', or ')}`;
  }
  return `${level} ${some(
    losses.flatMap((loss) => loss.names),
    'or',
  )}`;
}

function some(names: readonly string[], last = 'and'): string {
  const shown = names.length > NAMES_MAX ? names.slice(0, NAMES_MAX) : names;
  const more = names.length - shown.length;
  if (more > 0) return `${shown.map(clean).join(', ')} ${last} ${more} more`;
  return shown.length === 1
    ? clean(shown[0]!)
    : `${shown.slice(0, -1).map(clean).join(', ')} ${last} ${clean(shown.at(-1)!)}`;
}

/** `goes on`, `fails over`, `DOWN but stale reads`, `goes on, but not from us-east/a`; `go on` of several systems. */
export function outcomeWords({ operations, leader }: Survival, several = false): string {
  if (leader === 'none') return lostWords(operations);
  const goesOn = (several ? SEVERAL_WORDS : LEADER_WORDS)[leader];
  const cutOff = new Set(
    operations.flatMap(({ byZone }) =>
      byZone.filter(({ states }) => states.join() !== 'up').map(({ zone }) => zone),
    ),
  );
  if (cutOff.size === 0) return operations.some(({ states }) => states.includes('down')) ? 'DOWN' : goesOn;
  return `${goesOn}, but not from ${list([...cutOff].map(clean))}`;
}

const LEADER_WORDS = {
  stays: 'goes on',
  changes: 'fails over',
  'may change': 'goes on or fails over',
} as const;

const SEVERAL_WORDS = { stays: 'go on', changes: 'fail over', 'may change': 'go on or fail over' } as const;

function lostWords(operations: readonly OperationSurvival[]): string {
  const stale = operations.filter(({ states }) => states.includes('degraded'));
  if (stale.length === 0) return 'DOWN';
  const sure = stale.every(({ states }) => !states.includes('down'));
  const nouns = list(stale.map(({ operation }) => operationNoun(operation)));
  return `DOWN but stale ${nouns}${sure ? '' : ' at best'}`;
}
