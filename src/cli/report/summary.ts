/**
 * The terminal summary of a hunt, for a tired reader: what was read, what was found, what could not be seen, what
 * to do next. Pure: text from the summary and the options; everything from logs is neutralised first.
 */
import type { HuntSummary } from '../../model/hunt.ts';
import { levelRank } from '../../model/level.ts';
import { reportText } from '../i18n/report-texts.ts';
import { LEVEL_NAMES } from '../i18n/tactics.ts';
import { countByLevel, heading, inOrder, names, renderFindings } from './findings.ts';
import { renderHealth, renderIssues, renderLimits, renderNext, renderSilent } from './health.ts';
import { createStyle, type Style, type SummaryOptions, timeText } from './style.ts';
import { cutEnd, neutralise, padEnd, toAscii, widthOf, wrap } from './text.ts';

const MOST_TOUCHED = 6;

/** The whole summary, without a final line feed. */
export function renderSummary(summary: HuntSummary, options: SummaryOptions): string {
  const [from, to] = [summary.first.slice(0, 4), summary.last.slice(0, 4)];
  const style = createStyle(options, from === to ? from : '');
  const lines = [
    ...renderHead(summary, style),
    ...(summary.findings.length === 0 ? renderNothing(summary, style) : renderFound(summary, style)),
    ...renderFindings(summary, style),
    ...renderHealth(summary, style),
    ...renderIssues(summary, style),
    // Of nothing, every rule was blind: the list would only hide why.
    ...(summary.events === 0 ? [] : renderSilent(summary, style)),
    ...renderLimits(summary, style),
    ...renderNext(summary, style),
  ];
  const text = lines.map((line) => line.trimEnd()).join('\n');
  return options.unicode ? text : toAscii(text);
}

/** For who reads rows elsewhere: why there may be none, and what was not read. Empty when all was. */
export function renderComplaints(summary: HuntSummary, options: SummaryOptions): string {
  const style = createStyle(options, '');
  const isBlind = summary.events === 0 || summary.rulesLoaded === 0;
  const lines = [
    ...(isBlind
      ? [...renderNothing(summary, style), ...outsideRow(summary, style).map(([, text]) => text)]
      : []),
    ...renderIssues(summary, style),
  ];
  const text = lines.filter((line) => line !== '').map((line) => `${line.trimEnd()}\n`);
  return options.unicode ? text.join('') : toAscii(text.join(''));
}

function renderHead(summary: HuntSummary, style: Style): string[] {
  const say = (word: Parameters<typeof reportText>[1], values = {}): string =>
    reportText(style.lang, word, values);
  const seconds = Math.max(summary.seconds, 0.001);
  const files = say('files', { n: style.number(summary.filesRead) });
  const unread =
    summary.filesUnread > 0 ? ` (${say('unread', { n: style.number(summary.filesUnread) })})` : '';
  const read = say('readLine', {
    files: files + unread,
    events: eventsText(summary.events, style),
    bytes: style.bytes(summary.bytes),
    time: style.duration(seconds),
    speed: style.bytes(summary.bytes / seconds),
    rate: style.number(Math.round(summary.events / seconds)),
  });
  const refused =
    summary.rulesRefused > 0 ? ` · ${say('refused', { count: style.number(summary.rulesRefused) })}` : '';
  const rows: [string, string][] = [
    [say('read'), read],
    [say('period'), periodText(summary, style)],
    ...outsideRow(summary, style),
    [
      `${say('machines')} (${style.number(summary.hostCount)})`,
      names(summary.hosts, summary.hostCount, style, 8) || say('none'),
    ],
    [
      `${say('accounts')} (${style.number(summary.userCount)})`,
      names(summary.users, summary.userCount, style, 8) || say('none'),
    ],
    [say('sources'), sourcesText(summary, style)],
    [say('rules'), say('rulesLine', { loaded: style.number(summary.rulesLoaded) }) + refused],
  ];
  const column = Math.max(...rows.map(([label]) => widthOf(label))) + 2;
  return [
    heading(`VIGIE ${summary.version}`, style),
    ...(summary.interrupted ? [style.bold(say('interrupted'))] : []),
    ...rows.flatMap(([label, value]) =>
      wrap(value, style.width - column).map((line, at) =>
        at === 0 ? style.dim(padEnd(label, column)) + line : ' '.repeat(column) + line,
      ),
    ),
  ];
}

function eventsText(count: number, style: Style): string {
  return reportText(style.lang, 'eventsN', { n: style.number(count) });
}

/** What `--from` and `--to` left out, and when it was: a range beside the data is seen at once. */
function outsideRow({ outside }: HuntSummary, style: Style): [string, string][] {
  if (outside.events === 0) return [];
  const text = reportText(style.lang, 'outside', { n: style.number(outside.events) });
  return [['', outside.first === '' ? text : `${text}: ${rangeText(outside, style)}`]];
}

function periodText(summary: HuntSummary, style: Style): string {
  if (summary.first === '') return summary.events === 0 ? '—' : reportText(style.lang, 'noTime');
  return rangeText(summary, style);
}

function rangeText({ first, last }: { readonly first: string; readonly last: string }, style: Style): string {
  if (first === last) return `${timeText(first, style.lang)} (${reportText(style.lang, 'utc')})`;
  const span = (Date.parse(last) - Date.parse(first)) / 1000;
  const range = `${timeText(first, style.lang)} → ${timeText(last, style.lang)}`;
  const length = Number.isFinite(span) ? `, ${style.duration(span)}` : '';
  return `${range} (${reportText(style.lang, 'utc')}${length})`;
}

function sourcesText(summary: HuntSummary, style: Style): string {
  const shown = summary.sources.slice(0, 6);
  const text = shown.map(({ title, count }) => `${neutralise(title[style.lang])} ${style.number(count)}`);
  const left = summary.sources.length - shown.length;
  return [...text, ...(left > 0 ? [reportText(style.lang, 'and', { n: style.number(left) })] : [])].join(
    ' · ',
  );
}

function noEvents({ outside, filesRead, issues }: HuntSummary): Parameters<typeof reportText>[1][] {
  if (outside.events > 0) return ['nothingInRange'];
  if (issues.length > 0) return ['nothingRead', 'nothingReadWhy'];
  return filesRead === 0 ? ['nothingRead'] : ['nothingRead', 'nothingThere'];
}

/** Nothing found is never a green light: what was looked at, and what was not. */
function renderNothing(summary: HuntSummary, style: Style): string[] {
  const say = (word: Parameters<typeof reportText>[1], values = {}): string =>
    reportText(style.lang, word, values);
  const bold = (text: string): string[] => ['', ...wrap(text, style.width).map(style.bold)];
  if (summary.events === 0)
    return bold(
      noEvents(summary)
        .map((word) => say(word))
        .join(' '),
    );
  if (summary.rulesLoaded === 0) return bold(say('noRules'));
  const silent = summary.silentRules.reduce((sum, { count }) => sum + count, 0);
  const unknown = summary.sources.find(({ id }) => id === 'unknown')?.count ?? 0;
  const known = summary.sources.filter(({ id }) => id !== 'unknown');
  const sources = known
    .slice(0, 6)
    .map(({ title }) => title[style.lang])
    .join(', ');
  const blind = [
    ...(silent > 0 ? [say('blindRules', { n: style.number(silent) })] : []),
    ...(summary.filesUnread > 0 ? [say('blindFiles', { n: style.number(summary.filesUnread) })] : []),
  ];
  const lines = [
    say('nothingLooked', {
      events: eventsText(summary.events, style),
      sources: neutralise(sources === '' ? say('unknownOnly') : sources),
      rules: style.number(summary.rulesLoaded),
    }),
    ...(blind.length > 0 ? [say('nothingBlind', { parts: blind.join(', ') })] : []),
    ...(unknown > 0 ? [say('nothingUnknown', { n: style.number(unknown) })] : []),
  ];
  return [
    '',
    ...wrap(say('nothing'), style.width).map(style.bold),
    ...lines.flatMap((line) => wrap(line, style.width - 2).map((part) => `  ${part}`)),
  ];
}

function renderFound(summary: HuntSummary, style: Style): string[] {
  const count = summary.findings.length;
  const total = reportText(style.lang, 'findingsN', { n: style.number(count) });
  const matches = reportText(style.lang, 'signalsN', { n: style.number(summary.signals) });
  return [
    '',
    heading(`${reportText(style.lang, 'found')} · ${total} · ${matches}`, style),
    ...countByLevel(summary.findings, style),
    ...renderTouched(summary, style),
  ];
}

/** The machines named by most findings of weight, so that the eye lands where the attack is. */
function renderTouched(summary: HuntSummary, style: Style): string[] {
  const rows = new Map<string, { worst: number; weight: number; rules: number; titles: string[] }>();
  for (const finding of inOrder(summary.findings.filter(({ noisy }) => !noisy))) {
    const rank = levelRank(finding.rule.level);
    for (const { value } of finding.hosts) {
      const row = rows.get(value) ?? { worst: rank, weight: 0, rules: 0, titles: [] };
      row.weight += rank ** 3;
      row.rules += 1;
      row.titles.push(finding.rule.titles?.[style.lang] ?? finding.rule.title);
      rows.set(value, row);
    }
  }
  const top = [...rows]
    .sort((a, b) => b[1].worst - a[1].worst || b[1].weight - a[1].weight)
    .slice(0, MOST_TOUCHED);
  if (top.length < 2) return [];
  const column = Math.min(34, Math.max(...top.map(([host]) => widthOf(neutralise(host)))));
  const lines = top.map(([host, row]) => {
    const level = (['informational', 'low', 'medium', 'high', 'critical'] as const)[row.worst] ?? 'low';
    const n = reportText(style.lang, 'findingsN', {
      n: style.number(row.rules),
    });
    const name = padEnd(cutEnd(neutralise(host), column, style.more), column);
    const mark = style.ofLevel(level, `${style.bar(level)} ${padEnd(LEVEL_NAMES[level][style.lang], 9)}`);
    const room = style.width - 15 - column - 2 - 13;
    const title = room > 12 ? cutEnd(neutralise(row.titles[0] ?? ''), room, style.more) : '';
    return ` ${mark}${name}  ${padEnd(n, 11)}  ${style.dim(title)}`;
  });
  return ['', ` ${style.dim(reportText(style.lang, 'touched'))}`, ...lines];
}
