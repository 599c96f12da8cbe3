/** Runs a hunt for the terminal: the progress line, Ctrl-C, and which writer gets the result. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import {
  type HuntOptions,
  type HuntWatch,
  placeholdersComplaint,
  rowHead,
  startHunt,
} from '../areas/anticipate/hunt/index.ts';
import type { HuntSummary } from '../model/hunt.ts';
import { renderIssue } from '../model/issue.ts';
import { type Level, levelRank } from '../model/level.ts';
import { isZone } from '../platform/config.ts';
import { SHIPPED_CONTENT } from '../platform/content.ts';
import { type CommandContext, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { fileComplaint } from './file-complaint.ts';
import type { HuntFlags, Output } from './hunt.ts';
import { HUNT_COMPLAINTS, HUNT_HELP } from './i18n/hunt-help.ts';
import { createProgressLine } from './progress-line.ts';
import { requirePath } from './require-path.ts';
import { momentOf } from './time-argument.ts';
import { VERSION } from './version.ts';

/** Runs the hunt, shows the result, and gives the exit code. */
export async function runHunt(
  paths: readonly string[],
  flags: HuntFlags,
  context: CommandContext,
): Promise<number> {
  const output: Output = flags.json === true ? 'json' : flags.format;
  const options = toOptions(paths, flags, output, context);
  const shown: HuntShown = {
    output,
    details: flags.details === true,
    progress: flags.progress,
    outputFile: flags.output,
    reportFile: flags.report,
  };
  return exitCodeOf(await huntAndShow(options, shown, context), flags.failOn);
}

/** How a hunt is shown, and in which files. */
export interface HuntShown {
  readonly output: Output;
  readonly details: boolean;
  readonly progress: boolean;
  /** Instead of standard output. */
  readonly outputFile: string | undefined;
  readonly reportFile: string | undefined;
}

/** Hunts, with progress and Ctrl-C, and writes the result where it belongs. */
export async function huntAndShow(
  options: HuntOptions,
  shown: HuntShown,
  context: CommandContext,
): Promise<HuntSummary> {
  const { io } = context;
  const line = createProgressLine(io, context.lang, shown.progress && io.errIsTerminal);
  const target = createTarget(shown.outputFile, context);
  const report = shown.reportFile === undefined ? undefined : createTarget(shown.reportFile, context);
  const watch: HuntWatch = { onRows: target.write, onProgress: line.show };
  if (options.rowFormat !== undefined) await target.write(rowHead(options.rowFormat));
  const hunt = startHunt(options, { clock: context.clock, watch });
  const restore = stopOnInterrupt(hunt.stop, () => line.note(HUNT_HELP[context.lang].stopping));
  try {
    const summary = await hunt.done;
    line.clear();
    if (report !== undefined) {
      const { renderHtml } = await import('./html/index.ts');
      await report.write(renderHtml(summary, { lang: context.lang }));
    }
    await showResult(summary, { output: shown.output, details: shown.details, write: target.write }, context);
    return summary;
  } finally {
    restore();
    target.close();
    report?.close();
  }
}

function toOptions(
  paths: readonly string[],
  flags: HuntFlags,
  output: Output,
  context: CommandContext,
): HuntOptions {
  const overlay = flags.content ?? context.config.overlay;
  for (const target of flags.rules ?? []) requirePath('--rules', target, context);
  requirePath('--placeholders', flags.placeholders, context);
  requirePath('--content', overlay, context);
  const complaint = placeholdersComplaint(flags.placeholders);
  if (complaint !== undefined)
    throw new UsageError(`--placeholders "${flags.placeholders}": ${renderIssue(complaint, context.lang)}`);
  return {
    paths,
    ruleSets: flags.rules ?? [],
    ownRules: flags.ownRules,
    placeholders: flags.placeholders,
    content: overlay === undefined ? [SHIPPED_CONTENT] : [SHIPPED_CONTENT, overlay],
    ...parseRange(flags, context),
    level: flags.level,
    tags: flags.tag ?? [],
    forcedFormat: flags.inputFormat,
    siteZone: parseZone(flags.zone, context) ?? context.config.siteZone,
    threads: parseThreads(flags.threads, context),
    cacheDirectory: flags.cache ? context.config.cacheDirectory : undefined,
    rowFormat: output === 'table' || output === 'json' ? undefined : output,
    version: VERSION,
  };
}

/** @throws UsageError also for a range that no event can lie in */
function parseRange(
  { from, to }: HuntFlags,
  context: CommandContext,
): Pick<HuntOptions, 'fromMicros' | 'toMicros'> {
  const fromMicros = parseMoment(from, '--from', context);
  const toMicros = parseMoment(to, '--to', context);
  if (fromMicros !== undefined && toMicros !== undefined && fromMicros >= toMicros)
    throw new UsageError(HUNT_COMPLAINTS[context.lang].range(from ?? '', to ?? ''));
  return { fromMicros, toMicros };
}

function parseMoment(text: string | undefined, option: string, { lang }: CommandContext): number | undefined {
  if (text === undefined) return undefined;
  const millis = momentOf(text);
  if (millis === undefined) throw new UsageError(HUNT_COMPLAINTS[lang].moment(option, text));
  return millis * 1000;
}

function parseZone(zone: string | undefined, { lang }: CommandContext): string | undefined {
  if (zone !== undefined && !isZone(zone)) throw new UsageError(HUNT_COMPLAINTS[lang].zone(zone));
  return zone;
}

function parseThreads(text: string | undefined, { lang }: CommandContext): number {
  if (text === undefined) return availableParallelism();
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw new UsageError(HUNT_COMPLAINTS[lang].threads(text));
  return threads;
}

interface Shown {
  readonly output: Output;
  readonly details: boolean;
  write(text: string): Promise<void>;
}

async function showResult(summary: HuntSummary, shown: Shown, context: CommandContext): Promise<void> {
  const { io, lang } = context;
  if (shown.output === 'json') return shown.write(`${JSON.stringify(toJson(summary))}\n`);
  const { width, color, unicode } = io;
  const { renderComplaints, renderSummary } = await import('./report/index.ts');
  // Rows name no file that could not be read, and an empty table looks like a quiet night.
  if (shown.output !== 'table')
    return io.err(renderComplaints(summary, { lang, width, color: false, unicode }));
  await shown.write(`${renderSummary(summary, { lang, width, color, unicode, details: shown.details })}\n`);
}

/** `--format json`: what was read and how it went under `summary`, then what was found. */
function toJson(summary: HuntSummary): unknown {
  const { findings, timeline, files, hosts, users, ...rest } = summary;
  return { summary: rest, hosts, users, files, timeline, findings };
}

function exitCodeOf(summary: HuntSummary, failOn: Level | undefined): number {
  if (summary.interrupted) return EXIT.interrupted;
  const isFound = (level: Level): boolean =>
    summary.findings.some((finding) => levelRank(finding.rule.level) >= levelRank(level));
  if (failOn !== undefined && isFound(failOn)) return EXIT.found;
  return isPartial(summary) ? EXIT.partial : EXIT.ok;
}

const UNUSED: ReadonlySet<string | undefined> = new Set(['CONTENT_INVALID', 'SIGMA_NO_FILE']);

/** Some of what was given was not read or not used: a rule that was refused looked for nothing. */
function isPartial({ filesUnread, rulesRefused, issues }: HuntSummary): boolean {
  return filesUnread + rulesRefused > 0 || issues.some(({ samples }) => UNUSED.has(samples[0]?.code));
}

/** First Ctrl-C stops reading and shows what was found; a second one ends at once. */
function stopOnInterrupt(stop: () => void, tell: () => void): () => void {
  let isAsked = false;
  function onInterrupt(): void {
    if (isAsked) process.exit(EXIT.interrupted);
    isAsked = true;
    tell();
    stop();
  }
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  };
}

interface Target {
  write(text: string): Promise<void>;
  close(): void;
}

/** Opened before anything is read: a path that cannot be written is told at once, not after an hour. */
function createTarget(file: string | undefined, context: CommandContext): Target {
  if (file === undefined) return { write: context.io.out, close: () => {} };
  const handle = openForWriting(file);
  return {
    write: async (text) => void writeSync(handle, text),
    close: () => closeSync(handle),
  };
}

function openForWriting(file: string): number {
  try {
    return openSync(file, 'w', 0o600);
  } catch (error) {
    throw fileComplaint(file, error);
  }
}
