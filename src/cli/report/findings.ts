/** The findings part of the terminal summary: by tactic in kill-chain order, most serious and rarest first. */
import type { Counted, Finding, HuntSummary } from '../../model/hunt.ts';
import { LEVELS, levelRank } from '../../model/level.ts';
import type { Deciding } from '../../model/signal.ts';
import { reportText } from '../i18n/report-texts.ts';
import { LEVEL_NAMES, mainTactic, TACTICS } from '../i18n/tactics.ts';
import { rangeText, type Style } from './style.ts';
import { cutEnd, cutStart, neutralise, padEnd, widthOf, wrap } from './text.ts';

/** Shown in full without `--details`; the others are counted. */
const MOST_FULL = 40;
/** Findings that get their next steps without `--details`, and how many steps. */
const MOST_WITH_STEPS = 6;
const STEPS = 3;
const MOST_LESSER = 12;
/** They say what kind of event it is, which the title already tells. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  'EventID',
  'Channel',
  'Provider_Name',
  'sc-status',
  '_path',
  'type',
  'subtype',
]);
const INDENT = '     ';

/** Most serious first, then rarest: the order everything else follows. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => levelRank(b.rule.level) - levelRank(a.rule.level) || a.count - b.count);
}

export function renderFindings(summary: HuntSummary, style: Style): string[] {
  const loud = inOrder(summary.findings.filter((finding) => style.isDetailed || !finding.noisy));
  const isFull = (finding: Finding): boolean => style.isDetailed || levelRank(finding.rule.level) >= 2;
  const serious = loud.filter(isFull);
  const shown = new Set(style.isDetailed ? serious : serious.slice(0, MOST_FULL));
  const withSteps = new Set(style.isDetailed ? serious : serious.slice(0, MOST_WITH_STEPS));
  const lines: string[] = [];
  for (const tactic of TACTICS) {
    const inTactic = [...shown].filter((finding) => mainTactic(finding.rule.tactics) === tactic.slug);
    if (inTactic.length === 0) continue;
    lines.push('', heading(tactic[style.lang], style));
    for (const finding of inTactic) lines.push(...renderFinding(finding, withSteps.has(finding), style));
  }
  const left = serious.length - shown.size;
  if (left > 0) lines.push('', `  ${say(style, 'moreFindings', { n: style.number(left) })}`);
  lines.push(
    ...foldLesser(
      loud.filter((finding) => !isFull(finding)),
      style,
    ),
  );
  lines.push(...foldNoisy(summary, style));
  return lines;
}

function say(
  style: Style,
  word: Parameters<typeof reportText>[1],
  values: Record<string, string> = {},
): string {
  return reportText(style.lang, word, values);
}

/** A section's title with a line up to the right edge. */
export function heading(title: string, style: Style): string {
  return `${style.bold(title)} ${style.dim(style.rule(style.width - widthOf(title) - 1))}`;
}

function titleOf(finding: Finding, style: Style): string {
  return neutralise(finding.rule.titles?.[style.lang] ?? finding.rule.title);
}

function renderFinding(finding: Finding, withSteps: boolean, style: Style): string[] {
  const { level } = finding.rule;
  const name = LEVEL_NAMES[level][style.lang];
  const count = say(style, 'times', { n: style.number(finding.count) });
  const lead = 1 + 4 + 1 + 9;
  const title = cutEnd(titleOf(finding, style), style.width - lead - widthOf(count) - 2, style.more);
  const head = ` ${style.ofLevel(level, `${style.bar(level)} ${padEnd(name, 9)}`)}${style.bold(title)}`;
  const space = ' '.repeat(Math.max(1, style.width - lead - widthOf(title) - widthOf(count)));
  return [
    `${head}${space}${count}`,
    ...whoAndWhen(finding, style).map((line) => INDENT + line),
    ...decidingLines(finding, style),
    ...(withSteps ? steps(finding, style) : []),
  ];
}

function whoAndWhen(finding: Finding, style: Style): string[] {
  const when = finding.first === '' ? '' : rangeText(finding.first, finding.last, style.lang, style.year);
  const hosts = names(finding.hosts, finding.hostCount, style);
  const users = names(finding.users, finding.userCount, style);
  const parts = [
    when,
    hosts === '' ? '' : `${say(style, 'on')} ${hosts}`,
    users === '' ? '' : `${say(style, 'by')} ${users}`,
  ].filter((part) => part !== '');
  return wrap(parts.join('  '), style.width - INDENT.length)
    .slice(0, 2)
    .map((line, at) =>
      at === 0 && when !== '' && line.startsWith(when) ? style.accent(when) + line.slice(when.length) : line,
    );
}

/** The most frequent names, and how many are not named. */
export function names(list: readonly Counted[], total: number, style: Style, most = 3): string {
  const shown = list.slice(0, most).map(({ value }) => cutEnd(neutralise(value), 40, style.more));
  const left = total - shown.length;
  return left > 0 ? `${shown.join(', ')} +${style.number(left)}` : shown.join(', ');
}

function decidingLines(finding: Finding, style: Style): string[] {
  const sample = finding.samples[0]?.deciding ?? [];
  const list: readonly Deciding[] = sample.length > 0 ? sample : finding.deciding;
  const seen = new Set<string>();
  const unique = list.filter(({ field, value }) => {
    const key = `${field}\n${value}`;
    return !seen.has(key) && seen.add(key);
  });
  const most = style.isDetailed ? 6 : 2;
  const telling = unique.filter(({ field }) => !PLAIN_FIELDS.has(field));
  return [...(telling.length > 0 && !style.isDetailed ? telling : unique)]
    .sort((a, b) => b.value.length - a.value.length)
    .slice(0, most)
    .map((deciding) => INDENT + decidedText(deciding, style));
}

/** `Field  …before [the part that decided] after…`, cut around that part. */
function decidedText(deciding: Deciding, style: Style): string {
  const field = cutEnd(neutralise(deciding.field), 28, style.more);
  const room = style.width - INDENT.length - widthOf(field) - 4;
  const [start, end] = deciding.span ?? [0, deciding.value.length];
  // Far more than any width: what is cut away later need not be cleaned.
  const before = neutralise(deciding.value.slice(Math.max(0, start - 400), start));
  const core = neutralise(deciding.value.slice(start, Math.min(end, start + 400)));
  const after = neutralise(deciding.value.slice(end, end + 400));
  const middle = cutEnd(core, room, style.more);
  const spare = Math.max(0, room - widthOf(middle));
  const wantLeft = Math.min(widthOf(before), Math.max(Math.floor(spare / 2), spare - widthOf(after)));
  const left = cutStart(before, wantLeft, style.more);
  const right = cutEnd(after, spare - widthOf(left), style.more);
  return `${style.dim(field)}  ${left}${style.mark(middle)}${right}`;
}

function steps(finding: Finding, style: Style): string[] {
  const list = finding.rule.checkNext[style.lang];
  const all = list.length > 0 ? list : finding.rule.checkNext.en;
  const shown = style.isDetailed ? all : all.slice(0, STEPS);
  if (shown.length === 0) return [];
  const label = `${say(style, 'next')} `;
  const indent = ' '.repeat(widthOf(label) + 2);
  return shown.flatMap((step, at) =>
    wrap(neutralise(step), style.width - INDENT.length - indent.length).map((line, part) => {
      const lead = part > 0 ? indent : at === 0 ? `${label}1 ` : `${' '.repeat(widthOf(label))}${at + 1} `;
      return INDENT + style.dim(lead) + line;
    }),
  );
}

function foldLesser(findings: readonly Finding[], style: Style): string[] {
  if (findings.length === 0) return [];
  const shown = findings.slice(0, MOST_LESSER);
  const left = findings.length - shown.length;
  return [
    '',
    heading(say(style, 'quiet'), style),
    ...shown.map((finding) => oneLine(finding, style)),
    ...(left > 0 ? [`  ${say(style, 'moreFindings', { n: style.number(left) })}`] : []),
  ];
}

function foldNoisy(summary: HuntSummary, style: Style): string[] {
  const noisy = style.isDetailed ? [] : inOrder(summary.findings.filter((finding) => finding.noisy));
  if (noisy.length === 0) return [];
  const shown = noisy.slice(0, MOST_LESSER);
  return [
    '',
    heading(say(style, 'noisy'), style),
    ...wrap(say(style, 'noisyNote'), style.width - 2).map((line) => style.dim(`  ${line}`)),
    ...shown.map((finding) => oneLine(finding, style)),
    ...(noisy.length > shown.length
      ? [`  ${say(style, 'moreFindings', { n: style.number(noisy.length - shown.length) })}`]
      : []),
  ];
}

function oneLine(finding: Finding, style: Style): string {
  const { level } = finding.rule;
  const count = say(style, 'times', { n: style.number(finding.count) });
  const who = names(finding.hosts, finding.hostCount, style, 1);
  const right = who === '' ? count : `${who}  ${count}`;
  const room = style.width - 15 - widthOf(right) - 2;
  const title = cutEnd(titleOf(finding, style), Math.max(room, 16), style.more);
  const space = ' '.repeat(Math.max(1, style.width - 15 - widthOf(title) - widthOf(right)));
  const name = padEnd(LEVEL_NAMES[level][style.lang], 9);
  return ` ${style.ofLevel(level, `${style.bar(level)} ${name}`)}${title}${style.dim(space + right)}`;
}

/** How many findings of each level, most serious first; one line, or one each where the width is small. */
export function countByLevel(findings: readonly Finding[], style: Style): string[] {
  const parts = [...LEVELS]
    .reverse()
    .map((level) => ({ level, n: findings.filter((finding) => finding.rule.level === level).length }))
    .filter(({ n }) => n > 0)
    .map(({ level, n }) => ({
      level,
      text: `${style.bar(level)} ${style.number(n)} ${LEVEL_NAMES[level][style.lang]}`,
    }));
  const painted = parts.map(({ level, text }) => style.ofLevel(level, text));
  const width = parts.reduce((sum, { text }) => sum + widthOf(text) + 3, 0);
  return width <= style.width ? [` ${painted.join('   ')}`] : painted.map((text) => ` ${text}`);
}
