/** What a command may touch of the outside beside files: two outputs, one input, the environment, an interrupt. */
import { hasColor } from './color.ts';

export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width of the terminal; undefined when it is none. */
  readonly columns: number | undefined;
}

export interface Io {
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Everything else: notes, warnings, errors, progress. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** All of stdin; rejects past `maxBytes`. */
  readStdin(maxBytes: number): Promise<Uint8Array>;
  readonly stdinIsTTY: boolean;
  /** Calls back at Ctrl-C, or when a scheduler ends the program (SIGTERM), until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
}

/** The width for text that is not shown in a terminal. */
const COLUMNS_ELSEWHERE = 100;

export function columnsOf(output: Output): number {
  return output.columns ?? COLUMNS_ELSEWHERE;
}

/** Whether stdout takes colours; `flag` is `--color` or `--no-color`, undefined when neither is given. */
export function stdoutColor(io: Io, flag: boolean | undefined): boolean {
  return hasColor(flag, io.env, io.stdout.isTTY);
}

const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

export class InputTooLongError extends Error {}

export function processIo(): Io {
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: process.env,
    stdinIsTTY: process.stdin.isTTY === true,
    async readStdin(maxBytes) {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
        length += chunk.length;
        if (length > maxBytes) throw new InputTooLongError();
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
    onInterrupt(callback) {
      for (const signal of INTERRUPTS) process.once(signal, callback);
      return () => {
        for (const signal of INTERRUPTS) process.removeListener(signal, callback);
      };
    },
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // A reader that has seen enough (`zonefall list | head`) closes the pipe: what is left is written nowhere.
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
  return {
    write: (text) => {
      if (!closed && text !== '') stream.write(text);
    },
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns;
    },
  };
}
