/**
 * `vigie up`: runs the live service until it is told to stop. `vigie config example`: a configuration file to start
 * from. Says what listens where, and how to send a first line; everything else goes to the log.
 */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { type Issue, renderIssue, renderPlace } from '../model/issue.ts';
import { RecordError } from '../model/live/record-store.ts';
import type { Matching, RunningService } from '../model/live/service.ts';
import { ConfigError } from '../platform/config.ts';
import { LockHeld } from '../platform/files/lock.ts';
import { type LiveConfig, type LiveOverrides, ROLES, readLiveConfig } from '../platform/live-config.ts';
import { ListenError } from '../platform/net/listen-error.ts';
import { type CommandContext, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { EXAMPLE_CONFIG, UP_TEXT } from './i18n/up-text.ts';
import { spokenConfig } from './spoken.ts';

interface UpFlags {
  /** The global option. */
  readonly data?: string;
  readonly config?: string;
  readonly listen?: string;
  readonly roles?: string;
  readonly rules?: readonly string[];
  readonly check?: true;
}

const MOST_ISSUES = 10;

/** In the reader's language where there are words for it. */
function reasonOf(error: unknown, { dataDirectory }: LiveConfig, { lang }: CommandContext): string {
  if (error instanceof LockHeld) return UP_TEXT[lang].runsAlready(dataDirectory, error.pid);
  if (!(error instanceof ListenError || error instanceof RecordError))
    return error instanceof Error ? error.message : String(error);
  const place = renderPlace(error.issue.place);
  return `${place === '' ? '' : `${place}: `}${renderIssue(error.issue, lang)}`;
}

export function registerUp(program: Command, context: CommandContext): void {
  const text = UP_TEXT[context.lang];
  program
    .command('up')
    .description(text.description)
    .option('--config <file>', text.config)
    .option('--listen <address>', text.listen)
    .option('--roles <list>', text.roles)
    .option('--rules <path...>', text.rules)
    .option('--check', text.check)
    .addHelpText('after', text.after)
    .action(async (flags: UpFlags) => {
      context.exit(await runUp({ ...flags, ...program.opts<{ data?: string }>() }, context));
    });
}

export function registerConfig(program: Command, context: CommandContext): void {
  const text = UP_TEXT[context.lang];
  const config = program.command('config').description(text.configDescription);
  config
    .command('example')
    .description(text.exampleDescription)
    .action(() => context.io.out(EXAMPLE_CONFIG[context.lang]));
}

async function runUp(flags: UpFlags, context: CommandContext): Promise<number> {
  const text = UP_TEXT[context.lang];
  const config = await readConfiguration(flags, context);
  if (flags.check === true) {
    await context.io.out(`${text.configurationHolds(config.receivers.length, config.dataDirectory)}\n`);
    return EXIT.ok;
  }
  const stopAsked = onSignals();
  const startedAt = context.clock.monotonicMillis();
  const service = await context
    .runLive(config, { isLogForPeople: context.io.errIsTerminal })
    .catch((error: unknown) => {
      context.io.err(`vigie: ${text.cannotStart(reasonOf(error, config, context))}\n`);
      return undefined;
    });
  if (service === undefined) return EXIT.internal;
  const seconds = () => (context.clock.monotonicMillis() - startedAt) / 1000;
  const matching = await Promise.race([service.matching, undefined]);
  await context.io.out(greeting(service, config, { context, seconds: seconds(), matching }));
  if (matching === undefined) void tellMatching(service, context, seconds);
  stopAsked.onReload(service.reload);
  const failure = await Promise.race([stopAsked.asked.then(() => undefined), service.failed]);
  context.io.err(`${text.stopping}\n`);
  const isDrained = await service.stop(config.stopSeconds * 1000);
  context.io.err(`${isDrained ? text.stopped : text.stoppedEarly}\n`);
  return failure === undefined ? EXIT.ok : EXIT.internal;
}

/** Reading rules takes longer than opening the doors. */
async function tellMatching(
  service: RunningService,
  context: CommandContext,
  seconds: () => number,
): Promise<void> {
  const matching = await service.matching;
  if (matching === undefined) return;
  const text = UP_TEXT[context.lang];
  const lines = [
    `  ${text.content(matching.rules, matching.sources)} ${text.contentAfter(seconds())}`,
    ...oddities(matching.issues, context),
  ];
  await context.io.out(`${lines.join('\n')}\n`);
}

async function readConfiguration(flags: UpFlags, context: CommandContext): Promise<LiveConfig> {
  const overrides: LiveOverrides = {
    ...(flags.config === undefined ? {} : { configFile: flags.config }),
    ...(flags.data === undefined ? {} : { dataDirectory: flags.data }),
    ...(flags.listen === undefined ? {} : { listen: flags.listen }),
    ...(flags.roles === undefined ? {} : { roles: flags.roles.split(',') }),
    ...(flags.rules === undefined ? {} : { rules: flags.rules }),
  };
  const { config } = context;
  const kinds = await context.receiverKinds();
  try {
    return readLiveConfig(overrides, { config, kinds, cores: availableParallelism() });
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(spokenConfig(error.message, context.lang));
    throw error;
  }
}

interface StopAsked {
  readonly asked: Promise<void>;
  onReload(reload: () => Promise<unknown>): void;
}

/** The first signal asks to stop, the second one does not wait. */
function onSignals(): StopAsked {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const stop = (): void => {
    count++;
    if (count > 1) process.exit(EXIT.interrupted);
    resolve();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return {
    asked,
    onReload(reload) {
      process.on('SIGHUP', () => void reload().catch(() => {}));
    },
  };
}

interface GreetingParts {
  readonly context: CommandContext;
  readonly seconds: number;
  /** Undefined while rules are still read. */
  readonly matching: Matching | undefined;
}

function greeting(
  service: RunningService,
  config: LiveConfig,
  { context, seconds, matching }: GreetingParts,
): string {
  const text = UP_TEXT[context.lang];
  const listening = [
    ...service.receivers.map(({ id, kind, address }) => [id, `${kind}  ${address}`]),
    ...(service.httpAddress === undefined ? [] : [['http', service.httpAddress]]),
  ];
  const content =
    matching === undefined ? text.contentAwaited : text.content(matching.rules, matching.sources);
  const lines = [
    text.ready(seconds),
    '',
    ...listening.map(([id, where]) => `  ${(id ?? '').padEnd(14)} ${where}`),
    '',
    `  ${text.dataIn(config.dataDirectory)}`,
    ...(config.roles.includes('ingest') ? [`  ${content}`] : []),
    ...(config.roles.length < ROLES.length ? [`  ${text.rolesAre(config.roles.join(', '))}`] : []),
    ...firstSteps(service, text),
    ...oddities([...service.issues, ...(matching?.issues ?? [])], context),
  ];
  return `${lines.join('\n')}\n\n`;
}

function oddities(issues: readonly Issue[], { lang }: CommandContext): string[] {
  const odd = issues.slice(0, MOST_ISSUES).map((issue) => {
    const place = renderPlace(issue.place);
    return `  ! ${place === '' ? '' : `${place}: `}${renderIssue(issue, lang)}`;
  });
  const more = issues.length - odd.length;
  return [...odd, ...(more > 0 ? [`  ! ${UP_TEXT[lang].more(more)}`] : [])];
}

function firstSteps(service: RunningService, text: (typeof UP_TEXT)['en']): string[] {
  const tcp = service.receivers.find(({ kind }) => kind === 'syslog-tcp')?.address;
  const [host = '', port = ''] = splitAddress(tcp);
  const lines = tcp === undefined ? [] : [`  ${text.firstLine(host, port)}`];
  if (service.firstToken !== undefined) lines.push(`  ${text.firstToken(service.firstToken)}`);
  return lines;
}

function splitAddress(address: string | undefined): string[] {
  const at = address?.lastIndexOf(':') ?? -1;
  if (address === undefined || at === -1) return [];
  return [address.slice(0, at).replace(/^\[|\]$/g, ''), address.slice(at + 1)];
}
