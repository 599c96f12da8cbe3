/** One line that says how far the reading is. Pure; the caller rewrites it in place. */
import type { Level } from '../../model/level.ts';
import { reportText } from '../i18n/report-texts.ts';
import { createStyle, type SummaryOptions } from './style.ts';
import { cutStart, neutralise, toAscii, widthOf } from './text.ts';

export interface ProgressState {
  readonly bytes: number;
  /** Bytes known so far; 0 when unknown (standard input). */
  readonly totalBytes: number;
  readonly events: number;
  readonly signals: Readonly<Record<Level, number>>;
  readonly millis: number;
  readonly file: string;
}

const SHOWN: readonly Level[] = ['critical', 'high', 'medium'];

/** Share, speed, time left, matches by level, current file: what does not fit the width is left out from the right. */
export function renderProgress(state: ProgressState, options: SummaryOptions): string {
  const style = createStyle(options);
  const width = options.width - 1;
  const seconds = Math.max(state.millis / 1000, 0.001);
  const speed = state.bytes / seconds;
  const share = state.totalBytes > 0 ? Math.min(1, state.bytes / state.totalBytes) : undefined;
  const left =
    share === undefined || speed === 0 || share === 1 ? undefined : (state.totalBytes - state.bytes) / speed;
  const parts: { text: string; painted: string }[] = [];
  const add = (text: string, painted = text): number => parts.push({ text, painted });
  if (share !== undefined) {
    const bar = barText(share, options.unicode);
    const percent = `${String(Math.floor(share * 100)).padStart(3)}\u00a0%`;
    add(`${bar} ${percent}`, `${style.accent(bar)} ${percent}`);
  }
  add(`${style.bytes(speed)}/s`);
  if (left !== undefined && seconds > 1) {
    add(reportText(options.lang, 'left', { time: style.duration(Math.ceil(left)) }));
  }
  add(`${style.number(Math.round(state.events / seconds))} ${reportText(options.lang, 'perSecond')}`);
  for (const level of SHOWN) {
    if (state.signals[level] === 0) continue;
    const text = `${style.bar(level)} ${style.number(state.signals[level])}`;
    add(text, style.ofLevel(level, text));
  }
  let line = '';
  let used = 0;
  for (const { text, painted } of parts) {
    const gap = used === 0 ? 0 : 2;
    if (used + gap + widthOf(text) > width) break;
    line += ' '.repeat(gap) + painted;
    used += gap + widthOf(text);
  }
  const room = width - used - 2;
  if (room >= 12) line += `  ${style.dim(cutStart(neutralise(state.file), room, style.more))}`;
  return options.unicode ? line : toAscii(line);
}

function barText(share: number, unicode: boolean): string {
  const cells = 20;
  const full = Math.round(share * cells);
  return (unicode ? '━' : '#').repeat(full) + (unicode ? '╌' : '.').repeat(cells - full);
}
