/** Exit codes of every command, as the manual lists them (`docs/manual/exit-codes.md`). */

export const EXIT = {
  ok: 0,
  /** `--fail-on`: something of that level or above was found; `rules check`: something was refused. */
  found: 1,
  /** The command line or the configuration is wrong; nothing was read. */
  usage: 2,
  /** Everything that could be read was; some input could not, or a rule was refused. */
  partial: 3,
  /** A bug of ours. */
  internal: 70,
  /** Ctrl-C: what was found until then was shown. */
  interrupted: 130,
} as const;
