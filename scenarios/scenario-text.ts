/** A scenario that was changed by settings as a file of its own. */
import { stringify } from 'yaml';

/** `stated`: what the text and its overrides say. Comments of the text are not kept; `about` becomes the first. */
export function scenarioText(stated: unknown, about: string): string {
  const comment = about
    .split('\n')
    .map((line) => `# ${line}\n`)
    .join('');
  return comment + stringify(stated, { lineWidth: 110 });
}
