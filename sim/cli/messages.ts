/** What the program says of itself, in one place so that the tone is one. Findings about a run are worded in reports/. */
import { nearest } from '../../scenarios/nearest.ts';

export const EXAMPLES: readonly (readonly [command: string, what: string])[] = [
  ['zonefall list', 'shows the scenarios that come with zonefall'],
  ['zonefall run three-zones-3-managers', 'loses a zone, and says what stops, for how long, and why'],
  [
    'zonefall explain two-zones-3-managers',
    'says what survives the loss of each node and zone, without a run',
  ],
  ['zonefall init', 'writes a commented scenario to begin with'],
];

export const WITHOUT_ARGUMENTS = [
  'zonefall: when this zone, this datacenter or this link fails, which part of the platform stops, for how long, and why?',
  '',
  ...EXAMPLES.map(([command, what]) => `  ${command.padEnd(40)} ${what}`),
  '',
  'zonefall --help shows every command.',
  '',
].join('\n');

export const EPILOGUE =
  'Exit codes: 0 every objective passes; 1 an objective fails; 2 inconclusive; 64 wrong command line; 65 invalid scenario; 69 Redis is gone; 70 a bug in zonefall; 130 interrupted.';

export function usageHint(command: string | undefined): string {
  return `Try: zonefall ${command === undefined ? '' : `${command} `}--help`;
}

export function internalError(
  version: string,
  error: unknown,
  doing: { command?: string; scenario?: string; seed?: string | number },
  withStack: boolean,
): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = [`this is a bug in zonefall ${version}: ${message.split('\n', 1)[0]}`];
  const facts = [
    doing.command === undefined ? '' : `command: ${doing.command}`,
    doing.seed === undefined ? '' : `seed: ${doing.seed}`,
    doing.scenario === undefined ? '' : `scenario: ${doing.scenario}`,
  ].filter((fact) => fact !== '');
  if (facts.length > 0) lines.push(`  ${facts.join(', ')}`);
  if (withStack) lines.push(error instanceof Error ? (error.stack ?? message) : message);
  else lines.push('  Please report it with the scenario. ZONEFALL_DEBUG=1 shows where it happened.');
  return `${lines.join('\n')}\n`;
}

/** `ends`: the shortest and the longest. */
export function differentLengths(
  ends: readonly { readonly name: string; readonly length: string }[],
  varied: boolean,
): string {
  const lengths = ends.map(({ name, length }) => `${name}: ${length}`).join(', ');
  const longest = ends.at(-1)!.length.replaceAll(' ', '').replaceAll('min', 'm');
  const remedy = varied
    ? 'Leave run.duration out of what is varied'
    : `Make them alike: --set run.duration=${longest}`;
  return `here a script is played and things fail by chance besides, in runs of different length (${lengths}). A longer run has more of chance and no more of the script, so neither downtime in a run nor downtime a year can be compared. ${remedy}`;
}

export function noSuchScenario(name: string, nearest: string | undefined): string {
  return `there is no file and no shipped scenario "${name}"${
    nearest === undefined ? ': zonefall list shows those there are' : ''
  }`;
}

export function dashIsTheFile(template: string): string {
  return `- stands for the file, after the template: zonefall init ${template} -`;
}

export function noSuchTemplate(name: string, known: readonly string[], nearest: string | undefined): string {
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  return `there is no template "${name}": known are ${known.join(', ')}${hint}`;
}

export function fileWritten(file: string): string {
  return `${file} is written: edit it, then zonefall explain ${file} and zonefall run ${file}\n`;
}

export function drawnSeed(seed: number): string {
  return `seed ${seed} (drawn at random; --seed ${seed} gives the same run again)\n`;
}

export function filesWritten(folder: string, files: readonly string[]): string {
  return `${files.length} files in ${folder}: ${files.join(', ')}\n`;
}

export function runAgain(command: string): string {
  return `run it again: ${command}\n`;
}

export function interruptedRun(reached: string, of: string): string {
  return `interrupted at ${reached} of ${of} of model time; nothing was written`;
}

export function interruptedWriting(folder: string): string {
  return `interrupted; the files in ${folder} are whole`;
}

export function progress(reached: string, of: string, share: number): string {
  return `simulated ${reached} of ${of} (${Math.floor(share * 100)} %)`;
}

/** `120/400 runs, etcd write availability 99.91 % (its unavailability known to ±12 %, goal ±5 %), 40 s left`. */
export function sweepProgress(at: {
  readonly done: number;
  readonly most: number;
  readonly known: string | undefined;
  /** Half the interval's width, as a share of the figure. */
  readonly width: number | undefined;
  readonly goal: number | null;
  readonly left: string;
}): string {
  const percent = (share: number) => `±${Number((share * 100).toPrecision(2))} %`;
  // Of an availability the width is a share of what is missing to 100 %.
  const of = / availability\b/.test(at.known ?? '') ? 'its unavailability known to ' : 'known to ';
  const goal = at.goal === null ? '' : `, goal ${percent(at.goal)}`;
  const within =
    at.width === undefined || !Number.isFinite(at.width) ? '' : ` (${of}${percent(at.width)}${goal})`;
  return [
    at.goal === null ? `${at.done}/${at.most} runs` : `${at.done} runs`,
    at.known === undefined ? '' : `${at.known}${within}`,
    at.left,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** `found`: runs that an earlier sweep had made, which took no time now. */
export function sweepTook(made: number, took: string, perRun: string, found = 0): string {
  const runs = `${made} ${found > 0 ? 'more ' : ''}${made === 1 ? 'run' : 'runs'}`;
  if (made === 0 && found > 0) return `no more runs to make; the answer took ${took}\n`;
  return `${runs} in ${took}${made > 1 ? `, ${perRun} each` : ''}\n`;
}

/** `30.3 s of runs; working out the answer ...`. `took`: undefined for runs that were there before. */
export function workingOutAnswer(runs: number, took: string | undefined, interrupted: boolean): string {
  if (interrupted)
    return `interrupted; working out what ${runs} ${runs === 1 ? 'run says' : 'runs say'} (Ctrl-C again leaves it) ...\n`;
  return `${took === undefined ? '' : `${took} of runs; `}working out the answer ...\n`;
}

/** Ctrl-C after the runs, before there is an answer. */
export function answerLeft(runs: number, folder: string | undefined): string {
  const made = `${runs} ${runs === 1 ? 'run is' : 'runs are'}`;
  return `interrupted before there was an answer${
    folder === undefined
      ? '; nothing was written'
      : `; ${made} kept in ${folder}, and the same command goes on from there`
  }`;
}

export function interruptedSweep(runs: number, folder: string | undefined): string {
  return `interrupted after ${runs} ${runs === 1 ? 'run' : 'runs'}${
    folder === undefined ? '; nothing was written' : `; what is done is in ${folder}`
  }`;
}

export function runsFound(runs: number, folder: string): string {
  return `${runs} ${runs === 1 ? 'run is' : 'runs are'} in ${folder} already (--fresh starts over)\n`;
}

export function shardKept(runs: number, folder: string, shard: string): string {
  return `shard ${shard}: ${runs} ${runs === 1 ? 'run' : 'runs'} in ${folder}; zonefall merge puts all shards together\n`;
}

export function keptSoFar(folder: string): string {
  return `; what is done is kept in ${folder}, and the same command goes on from there`;
}

export function warning(text: string): string {
  return `warning: ${text}\n`;
}

/** A forgotten letter is likelier than a wrong one: of names that are equally near, those that hold the word come first. */
function likeliestFirst(word: string, names: readonly string[]): string[] {
  const holds = (name: string) => {
    let at = 0;
    for (const letter of name) if (letter === word[at]) at++;
    return at === word.length;
  };
  return [...names.filter(holds), ...names.filter((name) => !holds(name))];
}

/** What was typed where a command belongs. */
export function unknownCommand(word: string, commands: readonly string[]): string {
  const near = nearest(word, likeliestFirst(word, commands));
  return `unknown command "${word}"${near === undefined ? '' : `: did you mean ${near}?`}`;
}

/** yargs' message as one line in our tone, with the nearest option where one is unknown; `usage` as in `run <scenario>`. */
export function inOurWords(message: string, options: readonly string[], usage = ''): string {
  const line = message.replace(/\s+/g, ' ').trim();
  const unknown = /^Unknown arguments?: (.*)$/.exec(line);
  if (unknown !== null) {
    const words = unknown[1]!.split(', ');
    const near = words.length === 1 ? nearest(words[0]!, likeliestFirst(words[0]!, options)) : undefined;
    return `unknown ${words.length === 1 ? 'argument' : 'arguments'} ${words.join(', ')}${
      near === undefined ? '' : ` (did you mean --${near}?)`
    }`;
  }
  const few = /^Not enough non-option arguments: got (\d+)/.exec(line);
  if (few !== null) {
    const missing = [...usage.matchAll(/<[^>]+>/g)].map(([name]) => name).slice(Number(few[1]));
    if (missing.length === 0) return 'an argument is missing';
    return `${missing.join(' ')} ${missing.length === 1 ? 'is' : 'are'} missing`;
  }
  const lonely = /^Not enough arguments following: (.*)$/.exec(line);
  if (lonely !== null) return `--${lonely[1]} needs a value`;
  return line.charAt(0).toLowerCase() + line.slice(1);
}
