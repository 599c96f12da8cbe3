/** The terminal as commands see it: where text goes, how wide it is, whether colour is welcome. */
import { once } from 'node:events';

export interface Io {
  /** Standard output; resolves when the reader took it, so that a slow pipe slows us down. */
  out(text: string | Uint8Array): Promise<void>;
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly width: number;
  readonly color: boolean;
  readonly unicode: boolean;
}

/** Columns assumed when standard output is not a terminal. */
const WIDTH_WITHOUT_TERMINAL = 120;

export function createIo(options: { noColor: boolean; locale: string }): Io {
  const outIsTerminal = process.stdout.isTTY === true;
  // A reader that went away (`| head`) is no error: there is nobody left to write to.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: async (text) => {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    },
    err: (text) => void process.stderr.write(text),
    outIsTerminal,
    errIsTerminal: process.stderr.isTTY === true,
    width: process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL,
    color: outIsTerminal && !options.noColor,
    unicode: /utf-?8/i.test(options.locale) || process.platform === 'win32',
  };
}
