import type { ParetoPoint } from '../../sim/experiments/decisions.ts';
import { count, csvFile, text } from '../csv/cells.ts';
import { figureCell } from './differences.ts';

export const OPTIONS_COLUMNS = [
  'option',
  'cost',
  'worst_system',
  'unavailability',
  'lower',
  'upper',
  'n',
  'exact',
  'failover_p99_ms',
  'objectives',
  'on_front',
  'chosen',
  'as_it_stands',
  'set',
  'exact_standing',
] as const;

/** options.csv: one row for each option that was simulated, cheapest first. */
export function optionsCsv(points: readonly ParetoPoint[]): Promise<string> {
  return csvFile(
    OPTIONS_COLUMNS,
    points.map((point) => {
      const { value, lower, upper, n } = point.unavailability;
      const share = (of: number) => figureCell('unavailability', of);
      return [
        text(point.name),
        String(point.cost),
        text(point.worstSystem),
        share(value),
        share(lower),
        share(upper),
        count(n),
        point.exactUnavailability === null ? null : share(point.exactUnavailability),
        point.failoverUs === null ? null : figureCell('failover-p99', point.failoverUs.value),
        point.objectives,
        point.onFront ? 'yes' : 'no',
        point.chosen ? 'yes' : 'no',
        point.current ? 'yes' : 'no',
        text(point.set.join(' ; ')),
        point.standing,
      ];
    }),
  );
}
