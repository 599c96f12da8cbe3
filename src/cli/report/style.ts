/**
 * How the terminal looks: colours safe for colour-blind readers (each level also has a bar and a word), signs with
 * an ASCII fallback, numbers and times in the reader's language. No findings here.
 */
import type { Lang } from '../../model/lang.ts';
import { type Level, levelRank } from '../../model/level.ts';

export interface SummaryOptions {
  readonly lang: Lang;
  /** Columns available. */
  readonly width: number;
  readonly color: boolean;
  readonly unicode: boolean;
  /** Everything in full: every finding, every step, noisy rules unfolded. */
  readonly details?: boolean;
}

/** 256-colour codes after the Okabe–Ito palette, told apart with any kind of colour vision. */
const COLORS: Readonly<Record<Level | 'accent', string>> = {
  critical: '1;38;5;203',
  high: '1;38;5;214',
  medium: '38;5;228',
  low: '38;5;117',
  informational: '38;5;250',
  accent: '38;5;80',
};

export interface Style {
  readonly lang: Lang;
  readonly width: number;
  readonly isDetailed: boolean;
  /** The year the whole of the logs lies in, left out of times; empty when they span several. */
  readonly year: string;
  /** Marks where something was cut off. */
  readonly more: string;
  bold(text: string): string;
  dim(text: string): string;
  accent(text: string): string;
  mark(text: string): string;
  ofLevel(level: Level, text: string): string;
  /** Four cells, as many filled as the level is high. */
  bar(level: Level): string;
  rule(columns: number): string;
  number(value: number): string;
  bytes(value: number): string;
  duration(seconds: number): string;
}

export function createStyle(options: SummaryOptions, year = ''): Style {
  const paint =
    (code: string) =>
    (text: string): string =>
      options.color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  const [full, empty, line] = options.unicode ? ['▰', '▱', '─'] : ['#', '.', '-'];
  const numbers = new Intl.NumberFormat(options.lang === 'fr' ? 'fr-FR' : 'en-GB');
  const number = (value: number): string => numbers.format(value);
  return {
    lang: options.lang,
    width: Math.min(Math.max(options.width, 40), 160),
    isDetailed: options.details === true,
    year,
    more: options.unicode ? '…' : '...',
    bold: paint('1'),
    dim: paint('2'),
    accent: paint(COLORS.accent),
    // Without colour the brackets say which part decided.
    mark: (text) => (options.color ? paint('1;4')(text) : text === '' ? '' : `[${text}]`),
    ofLevel: (level, text) => paint(COLORS[level])(text),
    bar: (level) => full.repeat(levelRank(level)) + empty.repeat(4 - levelRank(level)),
    rule: (columns) => line.repeat(Math.max(0, columns)),
    number,
    bytes: (value) => bytesText(value, options.lang),
    duration: (seconds) => durationText(seconds, options.lang === 'fr' ? 'j' : 'd'),
  };
}

const UNITS: Readonly<Record<Lang, readonly string[]>> = {
  en: ['B', 'kB', 'MB', 'GB', 'TB'],
  fr: ['o', 'ko', 'Mo', 'Go', 'To'],
};

/** Decimal units, three significant digits. */
function bytesText(bytes: number, lang: Lang): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < 4) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const text = new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
  return `${text}\u00a0${UNITS[lang][unit]}`;
}

/** The two largest units that matter: `2 d 4 h`, `3 min 5 s`. Only the day differs by language. */
function durationText(seconds: number, day = 'd'): string {
  const whole = Math.round(Math.abs(seconds));
  if (whole < 60) {
    const text = String(whole < 10 ? Math.round(Math.abs(seconds) * 10) / 10 : whole);
    return `${day === 'j' ? text.replace('.', ',') : text}\u00a0s`;
  }
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), day],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const from = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(from, from + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value}\u00a0${unit}`)
    .join('\u00a0');
}

const MONTHS: Readonly<Record<Lang, readonly string[]>> = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  fr: ['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juil.', 'août', 'sept.', 'oct.', 'nov.', 'déc.'],
};

/** `24 Nov 2026 02:13:05` from ISO 8601 UTC; the text itself when it is not ISO. */
export function timeText(iso: string, lang: Lang, withYear = true): string {
  const parts = /^([+-]?\d{4,6})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(iso);
  if (parts === null) return iso;
  const [, year, month, day, clock] = parts;
  const date = `${Number(day)} ${MONTHS[lang][Number(month) - 1]}`;
  return `${date}${withYear ? ` ${year}` : ''} ${clock}`;
}

/**
 * First and last: the day once when it is the same, one moment when they are one. The year is written where it is not
 * that of `year`, the one the reader was told at the top.
 */
export function rangeText(first: string, last: string, lang: Lang, year: string): string {
  const textOf = (iso: string): string => timeText(iso, lang, iso.slice(0, 4) !== year);
  if (first.slice(0, 19) === last.slice(0, 19)) return textOf(first);
  const isSameDay = first.slice(0, 10) === last.slice(0, 10);
  return `${textOf(first)} → ${isSameDay ? last.slice(11, 19) : textOf(last)}`;
}
