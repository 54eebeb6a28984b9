/** What importance sampling found, in words: for what is so rare that plain runs see nothing of it. */
import type { RareFindings } from '../../sim/experiments/rare/rare-cells.ts';
import type { Interval } from '../../sim/experiments/statistics/index.ts';
import { clean, count, operationNoun } from '../words.ts';

/** Each operation from its widest vantage. */
export function rareSummary(findings: readonly RareFindings[]): string {
  const several = findings.length > 1;
  const lines = findings.flatMap(({ variant, cycles, estimates, why }) => {
    const name = several ? `${clean(variant)}: ` : '';
    if (why !== '') return [`  ${name}no rare events: ${clean(why)}`];
    const told = new Set<string>();
    const rows = estimates.flatMap(({ system, operation, vantage, unavailability, noQuorum }) => {
      const key = `${system} ${operation}`;
      if (told.has(key)) return [];
      told.add(key);
      return [
        `    ${clean(system)} ${operationNoun(operation)} from ${clean(vantage)}: down ${share(unavailability)}, without a quorum ${share(noQuorum)}`,
      ];
    });
    return [
      `  ${name}${count(cycles, 'cycle')} of failures by importance sampling, shares of time in the long run`,
      ...rows,
    ];
  });
  return `\nRare events\n${lines.join('\n')}\n`;
}

function share({ estimate, lower, upper, method }: Interval): string {
  const figure = (value: number) => (value === 0 ? '0' : value.toExponential(1));
  if (method === 'rule-of-three') return 'never seen';
  return `${figure(estimate)} (${figure(lower)} to ${figure(upper)})`;
}
