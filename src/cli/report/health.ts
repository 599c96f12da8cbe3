/** What the reader must know about the logs themselves: holes, what was not read, which rules were blind, limits. */
import type { HuntSummary } from '../../model/hunt.ts';
import { renderIssue, renderPlace } from '../../model/issue.ts';
import { reportText } from '../i18n/report-texts.ts';
import { heading } from './findings.ts';
import { type Style, timeText } from './style.ts';
import { cutEnd, cutStart, neutralise, widthOf, wrap } from './text.ts';

const MOST_LINES = 8;

export function renderHealth(summary: HuntSummary, style: Style): string[] {
  const lines = [
    ...summary.clears.map((clear) =>
      [
        timeText(clear.at, style.lang),
        reportText(style.lang, 'clear'),
        who(clear.host, clear.channel),
        clear.user,
      ]
        .filter((part) => part !== '')
        .join(' · '),
    ),
    ...summary.gaps.map((gap) => {
      const silence = reportText(style.lang, 'gap', { time: style.duration(gap.seconds) });
      const missing = reportText(style.lang, 'missing', { n: style.number(gap.missing) });
      const what = gap.missing > 0 ? `${silence}, ${missing}` : silence;
      return [timeText(gap.from, style.lang), what, who(gap.host, gap.channel)].join(' · ');
    }),
    ...summary.clockJumps.map((jump) => {
      const time = style.duration(jump.seconds);
      const what = reportText(style.lang, jump.seconds < 0 ? 'back' : 'jump', { time });
      return [timeText(jump.at, style.lang), what, who(jump.host, jump.channel)].join(' · ');
    }),
  ];
  const good = lines.length === 0 && summary.events > 0 ? [reportText(style.lang, 'healthGood')] : [];
  const assumed = summary.assumptions.map(({ what, count }) =>
    reportText(style.lang, what, { n: style.number(count) }),
  );
  return section(reportText(style.lang, 'health'), [...folded(lines, style), ...good, ...assumed], style);
}

function who(host: string, channel: string): string {
  return [host, channel].filter((part) => part !== '').join(' · ');
}

/** The first lines, and how many more there are. */
function folded(lines: readonly string[], style: Style): string[] {
  const most = style.isDetailed ? lines.length : MOST_LINES;
  const left = lines.length - most;
  const more = left > 0 ? [reportText(style.lang, 'and', { n: style.number(left) })] : [];
  return [...lines.slice(0, most), ...more];
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  if (lines.length === 0) return [];
  const body = lines.flatMap((line) =>
    wrap(neutralise(line), style.width - 4).map((part, at) => (at === 0 ? `  ${part}` : `    ${part}`)),
  );
  return ['', heading(title, style), ...body];
}

/** Issues folded by code: how often, the sentence of the first one, and the first places. */
export function renderIssues(summary: HuntSummary, style: Style): string[] {
  const groups = folded(
    summary.issues.map((group) => issueText(group, style)),
    style,
  );
  return section(reportText(style.lang, 'unreadTitle'), groups, style);
}

function issueText(group: HuntSummary['issues'][number], style: Style): string {
  const first = group.samples[0];
  if (first === undefined) return '';
  const count =
    group.count > 1 ? `${reportText(style.lang, 'times', { n: style.number(group.count) })} ` : '';
  const text = cutEnd(neutralise(renderIssue(first, style.lang)), 220, style.more);
  const most = style.isDetailed ? 10 : 2;
  const places = group.samples
    .map((issue) => renderPlace(issue.place))
    .filter((place) => place !== '')
    .slice(0, most)
    .map((place) => cutStart(neutralise(place), Math.max(30, style.width - 20), style.more));
  if (places.length === 0) return count + text;
  const left = group.count - places.length;
  const more = left > 0 ? ` (${reportText(style.lang, 'and', { n: style.number(left) })})` : '';
  return `${count}${text} — ${places.join(', ')}${more}`;
}

/** `312 rules need windows/process_creation: none in this data`, most rules first. */
export function renderSilent(summary: HuntSummary, style: Style): string[] {
  const lines = [...summary.silentRules]
    .sort((a, b) => b.count - a.count)
    .map(({ reason, missing, count }) => {
      const word = reason === 'source' ? 'needSource' : 'needField';
      return reportText(style.lang, word, { n: style.number(count), what: missing });
    });
  return section(reportText(style.lang, 'silent'), folded(lines, style), style);
}

export function renderLimits(summary: HuntSummary, style: Style): string[] {
  return section(
    reportText(style.lang, 'limits'),
    summary.limits.map((limit) => limit[style.lang]),
    style,
  );
}

/** What to run next, aligned. */
export function renderNext(summary: HuntSummary, style: Style): string[] {
  const hasSignals = summary.signals > 0;
  const commands = [
    ...(hasSignals ? [['--report out.html', 'nextReport'] as const] : []),
    ...(hasSignals ? [['--level high', 'nextLevel'] as const] : []),
    ...(style.isDetailed || summary.events === 0 ? [] : [['--details', 'nextDetails'] as const]),
    ...(hasSignals ? [['--format jsonl', 'nextJsonl'] as const] : []),
  ];
  const title = reportText(style.lang, 'nextTitle');
  const widest = Math.max(...commands.map(([command]) => widthOf(command)), 0);
  return [
    ...(commands.length > 0 ? ['', heading(title, style)] : []),
    ...commands.map(
      ([command, word]) =>
        `  ${style.accent(command)}${' '.repeat(widest - widthOf(command) + 3)}${style.dim(cutEnd(reportText(style.lang, word), style.width - widest - 5, style.more))}`,
    ),
  ];
}
