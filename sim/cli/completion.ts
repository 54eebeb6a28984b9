/**
 * Completion in shells: commands, their options and choices, and the names of shipped scenarios and templates. The
 * scripts only ask the program, so they never grow old. (yargs' own completion offers no names of ours, and its
 * script depends on SHELL at every question.)
 */
import type { Argv } from 'yargs';
import type { Command } from './command.ts';
import { takenBy } from './taken.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The word with which the scripts ask. */
export const ASK = '--get-completions';

export function shellOf(env: Readonly<Record<string, string | undefined>>): Shell {
  return SHELLS.find((shell) => env.SHELL?.endsWith(shell)) ?? 'bash';
}

export function script(shell: Shell): string {
  return SCRIPTS[shell];
}

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# zonefall completion for bash: source <(zonefall completion bash)
_zonefall() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(zonefall ${ASK} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _zonefall zonefall
`,
  zsh: `#compdef zonefall
# zonefall completion for zsh: source <(zonefall completion zsh)
_zonefall() {
  local -a found
  found=("\${(@f)$(zonefall ${ASK} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if (( \${#found} > 1 )) || [[ -n \${found[1]} ]]; then
    compadd -a found
  else
    _files
  fi
}
compdef _zonefall zonefall
`,
  fish: `# zonefall completion for fish: zonefall completion fish > ~/.config/fish/completions/zonefall.fish
complete -c zonefall -a '(zonefall ${ASK} (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};

/** What may stand for the last of these words (those behind the program's name), one by one. */
export async function completions(words: readonly string[], commands: readonly Command[]): Promise<string[]> {
  const current = words.at(-1) ?? '';
  const candidates = words.length < 2 ? commands.map(({ name }) => name) : await argumentsOf(words, commands);
  return [...new Set(candidates)].filter((word) => word.startsWith(current)).sort();
}

async function argumentsOf(words: readonly string[], commands: readonly Command[]): Promise<string[]> {
  const command = commands.find(({ name }) => name === words[0]);
  if (command === undefined) return [];
  const { default: yargs } = await import('yargs');
  const { options, switches, positionals, choices } = takenBy(command, yargs() as Argv);
  const current = words.at(-1)!;
  const before = /^--(.+)$/.exec(words.at(-2)!)?.[1];
  // Behind an option that takes a value stands that value.
  if (before !== undefined && options.includes(before) && !switches.includes(before))
    return [...(choices[before] ?? [])];
  if (current.startsWith('-'))
    return options.flatMap((name) => (name === 'color' ? ['--color', '--no-color'] : [`--${name}`]));
  const library = () => import('../../scenarios/library.ts');
  if (command.takesScenario) return (await library()).names();
  const nth = words.slice(1, -1).filter((word) => !word.startsWith('-')).length;
  if (command.takesTemplate) return nth === 0 ? (await library()).templateNames() : [];
  return [...(choices[positionals[nth] ?? ''] ?? [])];
}
