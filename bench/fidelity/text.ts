/** Figures as text, the same on the terminal, on the page and in the pictures. */
import type { Comparison, Verdict } from './comparison.ts';

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  fail: 'FAIL',
  open: 'open',
  'not-modelled': 'not modelled',
};

/** Four significant digits, more for what is nearly one or exact; no exponent where a person would write none. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) return value.toExponential(4);
  if (size >= 1e7) return value.toExponential(4);
  if (size > 90 && size < 100) return trimmed(value.toFixed(size > 99.9 ? 7 : 2));
  return trimmed(value.toPrecision(size >= 1000 ? 5 : 4));
}

function trimmed(text: string): string {
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

export interface FigureRow {
  readonly label: string;
  readonly measured: string;
  readonly predicted: string;
}

/** Figures side by side; what only one side has is shown with a dash on the other. */
export function figureRows({ measured, predicted }: Comparison): FigureRow[] {
  const labels = [...new Set([...Object.keys(measured), ...Object.keys(predicted)])];
  const cell = (value: number | undefined) => (value === undefined ? '-' : figure(value));
  return labels.map((label) => ({
    label,
    measured: cell(measured[label]),
    predicted: cell(predicted[label]),
  }));
}

export function distance({ ks, p }: Comparison): string {
  return ks === null
    ? ''
    : `${ks.toFixed(3)}${p === null ? '' : ` (p ${p < 0.001 ? '< 0.001' : p.toFixed(3)})`}`;
}

export function counts({ n }: Comparison): string {
  const measured = n.measured === 0 ? 'exact' : String(n.measured);
  return `${measured} / ${n.predicted === 0 ? '-' : n.predicted}`;
}

/** The name as a file name. */
export function pictureName(comparison: Comparison): string {
  return `${comparison.name.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}.svg`;
}
