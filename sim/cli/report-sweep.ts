/** What comes out of a sweep, wherever its runs were made: files, the answer on stdout, the exit code. */
import type { StudyRequest } from '../../reports/study/index.ts';
import type { SweepFindings } from '../experiments/findings.ts';
import type { RareFindings } from '../experiments/rare/rare-cells.ts';
import type { SweepResult } from '../experiments/sweep.ts';
import type { Seed } from '../kernel/streams.ts';
import { InterruptedError } from './errors.ts';
import * as exit from './exit-codes.ts';
import { columnsOf, type Io, stdoutColor } from './io.ts';
import { filesWritten, interruptedSweep, sweepTook } from './messages.ts';
import type { GlobalOptions } from './options.ts';
import { shellCommand } from './shell-words.ts';
import { VERSION } from './version.ts';

const EXIT_CODES = { pass: exit.OK, fail: exit.FAIL, inconclusive: exit.INCONCLUSIVE } as const;

export interface SweepReport {
  readonly result: SweepResult;
  readonly request: StudyRequest;
  readonly folder: string | undefined;
  /** Of the runs that were made just now; undefined: none were. */
  readonly elapsedMs: number | undefined;
  /** Runs that were there before, and took none of that time. */
  readonly found?: number;
}

/** Throws an InterruptedError when the sweep was interrupted, and a ReportWriteError. */
export async function reportSweep(
  { result, request, folder, elapsedMs, found = 0 }: SweepReport,
  options: GlobalOptions & { readonly json: boolean; readonly rare?: number },
  io: Io,
): Promise<exit.ExitCode> {
  const [{ findingsOf }, { cellsOf }, reports, { workOut }, { duration }] = await Promise.all([
    import('../experiments/findings.ts'),
    import('../experiments/cells.ts'),
    import('../../reports/study/index.ts'),
    import('./working-out.ts'),
    import('../../reports/words.ts'),
  ]);
  const { scenario, set, seed, settings } = request;
  const words = (ms: number) => duration(Math.round(ms * 1_000));
  const took = elapsedMs === undefined ? undefined : { ms: elapsedMs, words: words(elapsedMs) };
  await workOut(
    result.study.variants.map((each) => each.scenario),
    // Of shards that were made elsewhere nothing is lost.
    { result, took, keptIn: elapsedMs === undefined ? undefined : folder },
    io,
    options.quiet,
  );
  const findings = findingsOf(result);
  const manifest = reports.studyManifest(findings, result.stopped, request, VERSION, (variant, run) => {
    const sets = [...set, ...settings[variant]!].flatMap((each) => ['--set', each]);
    return shellCommand(['zonefall', 'run', scenario, ...sets, '--seed', `${seed}/${run}`]);
  });
  const cycles = result.stopped === 'interrupted' ? 0 : (options.rare ?? 0);
  const rare = cycles === 0 ? [] : await rareOf(findings, seed, cycles);
  const cells = [
    ...findings.variants.flatMap((each) => cellsOf(each)),
    ...rare.flatMap((each) => each.cells),
  ];
  const runs = result.outcomes.reduce((sum, each) => sum + each.length, 0);
  // With nothing done, what an earlier sweep left in the folder is worth more.
  const written =
    folder === undefined || runs === 0 ? [] : await reports.writeStudy(manifest, findings, cells, folder);

  if (options.json) io.stdout.write(`${JSON.stringify(reports.studyDocument(manifest, cells), null, 2)}\n`);
  else {
    const color = stdoutColor(io, options.color);
    io.stdout.write(
      reports.sweepSummary(findings, manifest, { color, columns: columnsOf(io.stdout) }, cells),
    );
    if (rare.length > 0) io.stdout.write(reports.rareSummary(rare));
  }
  if (!options.quiet) {
    if (elapsedMs !== undefined) {
      const made = Math.max(0, runs - found);
      io.stderr.write(sweepTook(made, words(elapsedMs), words(elapsedMs / Math.max(1, made)), found));
    }
    const names = written.map((path) => path.replace(/^.*[\\/]/, ''));
    if (written.length > 0) io.stderr.write(filesWritten(folder!, names));
  }
  if (result.stopped === 'interrupted')
    throw new InterruptedError(interruptedSweep(runs, written.length > 0 ? folder : undefined));
  return EXIT_CODES[findings.verdict];
}

/** For each variant, under the same luck. */
async function rareOf({ variants }: SweepFindings, seed: Seed, cycles: number): Promise<RareFindings[]> {
  const { rareFindings } = await import('../experiments/rare/rare-cells.ts');
  return variants.map(({ variant }) => rareFindings(variant, seed, cycles));
}
