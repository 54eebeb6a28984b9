/** docs/reference/cli.md: the help of every command as the program prints it, and what help does not say. */
import { runCli } from '../../sim/cli/cli.ts';
import { COMMANDS } from '../../sim/cli/commands/index.ts';
import type { Io } from '../../sim/cli/io.ts';

export async function cliPage(): Promise<string> {
  const lines = [
    '# Command line',
    '',
    '<!-- Made by npm run docs from the help. Do not edit below "Commands"; the rest stands in docs/generate/cli.ts. -->',
    '',
    INTRODUCTION.trim(),
    '',
    '## Commands',
    '',
    ...block(await help(['--help'])),
  ];
  for (const { name } of COMMANDS)
    lines.push(`### zonefall ${name}`, '', ...block(await help([name, '--help'])));
  return `${lines.join('\n').trimEnd()}\n`;
}

const INTRODUCTION = `
A scenario is a file, the name of a shipped scenario (\`zonefall list\`), or \`-\` for standard input. Options may stand before or behind it.
Commands and options are written out: there are no abbreviations, and a mistyped one is answered with the nearest.

Results go to standard output, everything else (notes, warnings, errors, progress) to standard error. \`--json\` prints one
versioned document and nothing else; \`zonefall schema run\` and \`zonefall schema explain\` describe it. \`--quiet\` leaves only errors
on standard error. Colours are used in a terminal: \`--no-color\` or \`--color\` decides first, then \`NO_COLOR\`, then \`FORCE_COLOR\`, then \`TERM=dumb\`.
\`ZONEFALL_WORKERS\` is how many threads make the runs where \`--workers\` does not say: in a container that has fewer cores than its machine, for example.

## Exit codes

| code | meaning |
|---|---|
| 0 | it worked; of \`run\`: every objective passes and every fault had an effect |
| 1 | \`run\`: an objective fails: that is the answer, and no mistake of yours |
| 2 | \`run\`: inconclusive: an objective has no figure in this run, or a fault of the scenario changed nothing or never began |
| 64 | the command line is wrong (a mistyped option, or a \`--set\` or \`--vary\` that the scenario does not take), or the output folder or file cannot be written |
| 65 | the scenario is wrong or cannot be read; nothing was written |
| 69 | the Redis of a sweep on many machines is not there, or was gone for half a minute; the runs that are done are kept, and the same command goes on |
| 70 | a bug in zonefall; the message says with which version, seed and scenario. \`ZONEFALL_DEBUG=1\` adds where |
| 130 | Ctrl-C: nothing was written, or only whole files |

What is wrong is looked for in this order: command line (64), scenario (65), output folder (64). Files appear all together or not at all.

## Overrides

\`--set PATH=VALUE\` changes one field before the scenario is checked, and may be given again and again: \`--set nodes.manager.count=5\`,
\`--set timeline[0].for=10m\`, \`--set 'systems.etcd={ members: manager, profile: etcd-3.5 }'\`. The value is read as YAML. A name with dots is quoted: \`nodes."a.b".count\`.

## Seeds

Every run is decided by the scenario, the seed and the version. \`--seed\` takes a number or a text (0 is a seed like any other), and wins over the
scenario's \`run.seed\`; without both the seed is 1. \`--seed random\` draws one and says which.
`;

/** What the command line prints, in a fixed width. */
async function help(words: readonly string[]): Promise<string> {
  let printed = '';
  const io = {
    stdout: { write: (text: string) => (printed += text), isTTY: false, columns: 100 },
    stderr: { write: () => {}, isTTY: false, columns: 100 },
    env: {},
  } as unknown as Io;
  await runCli(words, io);
  return printed;
}

function block(text: string): string[] {
  return ['```text', text.trimEnd(), '```', ''];
}
