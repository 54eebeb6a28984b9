/** `after: zone-b-dark`, `after: start of spike + 30s`: when a fault begins relative to another one. */
import { TextError } from './text-error.ts';
import { parseDuration } from './units.ts';

export interface AfterSyntax {
  readonly name: string;
  readonly edge: 'start' | 'end';
  readonly delayUs: number;
}

/** Without `start of` or `end of` the other fault's end is meant, as in `startAfter` of the chaos tools. */
export function parseAfter(text: string): AfterSyntax {
  const match = /^(?:(start|end)\s+of\s+)?([^\s+]+)(?:\s*\+\s*(.+))?$/.exec(text.trim());
  if (match === null)
    throw new TextError(`"${text}": write the name of a fault, "start of NAME", or "end of NAME + 30s"`);
  const [, edge, name, delay] = match;
  return {
    name: name!,
    edge: edge === 'start' ? 'start' : 'end',
    delayUs: delay === undefined ? 0 : parseDuration(delay),
  };
}
