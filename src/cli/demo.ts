/**
 * `vigie demo`: writes a simulated intrusion in a hospital, hunts in it as `vigie hunt` would, and ticks off which steps
 * of it were found, by which rule.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import type { HuntOptions } from '../areas/anticipate/hunt/index.ts';
import type { Demo, StoryStep } from '../areas/demo/index.ts';
import type { Finding, HuntSummary } from '../model/hunt.ts';
import { SHIPPED_CONTENT } from '../platform/content.ts';
import { type CommandContext, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { fileComplaint } from './file-complaint.ts';
import { DEMO_TEXT } from './i18n/demo-text.ts';
import { createStyle } from './report/style.ts';
import { VERSION } from './version.ts';

const DEFAULT_REPORT = 'vigie-report.html';
const HOUR_MS = 3_600_000;
/** The logs end at eight in the morning, winter time in France. */
const END_HOUR_UTC = 7;
/** A correlation is dated by the event that completed it. */
const TOLERANCE_MS = 10 * 60_000;

interface DemoFlags {
  readonly keep?: string;
  readonly seed: string;
  readonly report: string;
  readonly quiet?: true;
}

export function registerDemo(program: Command, context: CommandContext): void {
  const text = DEMO_TEXT[context.lang];
  program
    .command('demo')
    .description(text.description)
    .option('--keep <dir>', text.keep)
    .option('--seed <n>', text.seed, '1')
    .option('--report <file>', text.report, DEFAULT_REPORT)
    .option('--quiet', text.quiet)
    .addHelpText('after', text.after)
    .action(async (flags: DemoFlags) => {
      context.exit(await runDemo(flags, context));
    });
}

async function runDemo(flags: DemoFlags, context: CommandContext): Promise<number> {
  const seed = parseSeed(flags.seed);
  const folder = flags.keep ?? mkdtempSync(path.join(tmpdir(), 'vigie-demo-'));
  try {
    const demo = await writeDemo(folder, { seed, quiet: flags.quiet === true }, context);
    await context.io.out(introduction(demo, flags.keep, context));
    const shown = {
      output: 'table',
      details: false,
      progress: true,
      outputFile: undefined,
      reportFile: flags.report,
    } as const;
    const { huntAndShow } = await import('./hunt-run.ts');
    const summary = await huntAndShow(toOptions(folder, context), shown, context);
    await context.io.out(checklist(demo.story, summary, context));
    await context.io.out(`${DEMO_TEXT[context.lang].reportAt(path.resolve(flags.report))}\n`);
    return exitCodeOf(demo.story, summary);
  } finally {
    if (flags.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError({
      en: `--seed "${text}": expected a whole number from 0`,
      fr: `--seed « ${text} » : attendu un nombre entier à partir de 0`,
    });
  }
  return seed;
}

/** The night that ended last. */
function lastMorningMs(nowMs: number): number {
  const today = nowMs - (nowMs % (24 * HOUR_MS)) + END_HOUR_UTC * HOUR_MS;
  return today <= nowMs ? today : today - 24 * HOUR_MS;
}

async function writeDemo(
  folder: string,
  options: { readonly seed: number; readonly quiet: boolean },
  context: CommandContext,
): Promise<Demo> {
  try {
    const endMicros = lastMorningMs(context.clock.nowMillis()) * 1000;
    const { generateDemo } = await import('../areas/demo/index.ts');
    return generateDemo(folder, { ...options, endMicros });
  } catch (error) {
    throw fileComplaint(folder, error);
  }
}

/** As `vigie hunt FOLDER` without options. */
function toOptions(folder: string, context: CommandContext): HuntOptions {
  return {
    paths: [folder],
    ruleSets: [],
    ownRules: true,
    placeholders: undefined,
    content: [SHIPPED_CONTENT],
    fromMicros: undefined,
    toMicros: undefined,
    level: 'informational',
    tags: [],
    forcedFormat: undefined,
    siteZone: context.config.siteZone,
    threads: availableParallelism(),
    cacheDirectory: context.config.cacheDirectory,
    rowFormat: undefined,
    version: VERSION,
  };
}

function introduction(demo: Demo, kept: string | undefined, context: CommandContext): string {
  const { introduction: say } = DEMO_TEXT[context.lang];
  const megabytes = demo.files.reduce((sum, file) => sum + file.bytes, 0) / 1_000_000;
  return `${say({ files: demo.files.length, megabytes, kept, isQuiet: demo.story.length === 0 })}\n\n`;
}

/** The rules that saw the step, when it happened. */
function seenBy(step: StoryStep, summary: HuntSummary): readonly Finding[] {
  const from = Date.parse(step.at) - TOLERANCE_MS;
  const to = Date.parse(step.to) + TOLERANCE_MS;
  return summary.findings.filter(
    (finding) =>
      step.ruleIds.includes(finding.rule.id) &&
      Date.parse(finding.first) <= to &&
      Date.parse(finding.last) >= from,
  );
}

function checklist(story: readonly StoryStep[], summary: HuntSummary, context: CommandContext): string {
  const text = DEMO_TEXT[context.lang];
  if (story.length === 0) return `\n${text.nothingHappened(summary.findings.length)}\n\n`;
  const style = createStyle({ ...context.io, lang: context.lang });
  const [yes, no] = context.io.unicode ? ['✔', '✘'] : ['[x]', '[ ]'];
  const lines = story.flatMap((step) => {
    const titles = seenBy(step, summary).map(({ rule }) => rule.titles?.[context.lang] ?? rule.title);
    const isFound = titles.length > 0;
    const mark = isFound ? style.accent(yes) : style.ofLevel('critical', no);
    const head = `  ${mark} ${step.at.slice(11, 16)}  ${context.say(step.what)}`;
    return [head, style.dim(`           ${isFound ? titles.join(' · ') : text.notFound}`)];
  });
  const count = story.filter((step) => seenBy(step, summary).length > 0).length;
  return `\n${style.bold(text.storyHead(count, story.length))}\n${lines.join('\n')}\n\n`;
}

/** A quiet night is well read when no rule fires. */
function exitCodeOf(story: readonly StoryStep[], summary: HuntSummary): number {
  if (summary.interrupted) return EXIT.interrupted;
  if (summary.filesUnread > 0) return EXIT.partial;
  if (story.length === 0) return summary.findings.length === 0 ? EXIT.ok : EXIT.found;
  return story.every((step) => seenBy(step, summary).length > 0) ? EXIT.ok : EXIT.found;
}
