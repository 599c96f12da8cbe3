/** One line on standard error that is rewritten in place while a long work runs, and leaves nothing behind. */
import type { HuntProgress } from '../areas/anticipate/hunt/index.ts';
import type { Lang } from '../model/lang.ts';
import type { Io } from './io.ts';
import { renderProgress } from './report/progress.ts';

export interface ProgressLine {
  show(progress: HuntProgress): void;
  /** A line that stays. */
  note(text: string): void;
  clear(): void;
}

const CLEAR_LINE = '\r\u001b[2K';

export function createProgressLine(io: Io, lang: Lang, isWanted: boolean): ProgressLine {
  const wipe = (): void => {
    if (isWanted) io.err(CLEAR_LINE);
  };
  return {
    show: (progress) => {
      if (!isWanted) return;
      const line = renderProgress(progress, { lang, width: io.width, color: io.color, unicode: io.unicode });
      io.err(`${CLEAR_LINE}${line}`);
    },
    note: (text) => {
      wipe();
      io.err(`${text}\n`);
    },
    clear: wipe,
  };
}
