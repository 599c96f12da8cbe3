/** The command line: global options, the list of commands, and how errors reach the person. */
import { Command, CommanderError, Option } from 'commander';
import { renderIssue, renderPlace } from '../model/issue.ts';
import { type Bilingual, LANGS, type Lang } from '../model/lang.ts';
import { RecordError, type RecordStore } from '../model/live/record-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { LiveConfig } from '../platform/live-config.ts';
import { ServiceRefused } from './ask.ts';
import { type CommandContext, type RegisterCommand, type Service, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { HELP_WORDS } from './i18n/commander-text.ts';
import type { Io } from './io.ts';
import { speak, spokenError } from './spoken.ts';
import { VERSION } from './version.ts';

/** One line per command. Only the code of the one that is named is loaded; of all when none is (help, a misspelling). */
const COMMANDS: Readonly<Record<string, () => Promise<RegisterCommand>>> = {
  hunt: async () => (await import('./hunt.ts')).registerHunt,
  up: async () => (await import('./up.ts')).registerUp,
  reload: async () => (await import('./reload.ts')).registerReload,
  config: async () => (await import('./up.ts')).registerConfig,
  search: async () => (await import('./search.ts')).registerSearch,
  signals: async () => (await import('./signals.ts')).registerSignals,
  retro: async () => (await import('./retro.ts')).registerRetro,
  behaviours: async () => (await import('./behaviours.ts')).registerBehaviours,
  sql: async () => (await import('./sql.ts')).registerSql,
  sources: async () => (await import('./sources.ts')).registerSources,
  saved: async () => (await import('./saved.ts')).registerSaved,
  'dead-letters': async () => (await import('./dead-letters.ts')).registerDeadLetters,
  rules: async () => (await import('./rules.ts')).registerRules,
  inventory: async () => (await import('./inventory.ts')).registerInventory,
  token: async () => (await import('./token.ts')).registerToken,
  journal: async () => (await import('./journal.ts')).registerJournal,
  intel: async () => (await import('./intel.ts')).registerIntel,
  store: async () => (await import('./store.ts')).registerStore,
  demo: async () => (await import('./demo.ts')).registerDemo,
};

export interface ProgramDeps extends Pick<CommandContext, 'runLive' | 'receiverKinds' | 'openStorage'> {
  readonly config: Config;
  readonly io: Io;
  readonly clock: Clock;
  /** PostgreSQL by its address, else a file in the data directory. */
  readonly openRecord: (dataDirectory: string) => Promise<RecordStore>;
  readonly isServiceRunning: (dataDirectory: string) => Promise<boolean>;
  readonly openService: (place: {
    readonly dataDirectory: string;
    readonly lang: Lang;
    readonly live: LiveConfig | undefined;
  }) => Promise<Service>;
}

export interface Program {
  readonly command: Command;
  readonly context: CommandContext & { readonly exitCode: () => number };
}

/** `argv` is looked at for `--lang` first, because help texts are in the reader's language. */
export async function createProgram(argv: readonly string[], deps: ProgramDeps): Promise<Program> {
  const command = new Command('vigie');
  const dataDirectory = (): string => command.opts<{ data?: string }>().data ?? deps.config.dataDirectory;
  const context = createContext(langOf(argv) ?? deps.config.lang, deps, dataDirectory);
  const { lang } = context;
  speak(command, lang);
  command
    .description(
      context.say({
        en: 'Lets a hospital anticipate attacks on its information system and face them when they come.',
        fr: "Permet à un hôpital d'anticiper les attaques de son système d'information et d'y faire face.",
      }),
    )
    .version(VERSION, '-V, --version', HELP_WORDS[lang].version)
    .addOption(new Option('--lang <lang>', context.say({ en: 'language', fr: 'langue' })).choices([...LANGS]))
    .option('--data <dir>', context.say({ en: 'data directory', fr: 'dossier des données' }))
    .configureOutput({
      writeOut: (text) => void deps.io.out(text),
      writeErr: (text) => deps.io.err(text),
      outputError: (text, write) => write(spokenError(text, lang)),
    })
    .exitOverride()
    .showHelpAfterError(
      context.say({ en: '(add --help for examples)', fr: '(ajoutez --help pour des exemples)' }),
    );
  const registers = await Promise.all(commandsFor(argv).map((name) => COMMANDS[name]?.()));
  for (const register of registers) register?.(command, context);
  return { command, context };
}

/** Global options that take the next word as their value. */
const VALUED = ['--lang', '--data'];

/** The commands whose code this command line needs. */
function commandsFor(argv: readonly string[]): readonly string[] {
  const first = argv.find((word, at) => !VALUED.includes(argv[at - 1] ?? '') && !isGlobal(word));
  if (first === '--version' || first === '-V') return [];
  return first !== undefined && Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS);
}

function isGlobal(word: string): boolean {
  return VALUED.some((option) => word === option || word.startsWith(`${option}=`));
}

function createContext(lang: Lang, deps: ProgramDeps, dataDirectory: () => string): Program['context'] {
  let code: number = EXIT.ok;
  return {
    config: deps.config,
    io: deps.io,
    clock: deps.clock,
    runLive: deps.runLive,
    receiverKinds: deps.receiverKinds,
    openStorage: deps.openStorage,
    lang,
    dataDirectory,
    withRecord: async (work) => {
      const store = await deps.openRecord(dataDirectory());
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    },
    isServiceRunning: () => deps.isServiceRunning(dataDirectory()),
    withService: async (work, live) => {
      const place = live?.dataDirectory ?? dataDirectory();
      const service = await deps.openService({ dataDirectory: place, lang, live });
      try {
        return await work(service);
      } finally {
        await service.close();
      }
    },
    actor: { kind: 'os', name: deps.config.account },
    say: (text: Bilingual) => text[lang],
    exit: (next) => {
      code = next;
    },
    exitCode: () => code,
  };
}

function langOf(argv: readonly string[]): Lang | undefined {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  if (at === -1) return undefined;
  const value = argv[at]?.includes('=') ? argv[at]?.split('=')[1] : argv[at + 1];
  return LANGS.find((lang) => lang === value);
}

/** Runs it; every outcome becomes an exit code, every wrong word a sentence. */
export async function runProgram(program: Program, argv: readonly string[]): Promise<number> {
  try {
    await program.command.parseAsync(argv, { from: 'user' });
    return program.context.exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const text = sentenceOf(error, program.context.lang);
    if (text === undefined) throw error;
    program.context.io.err(`vigie: ${text}\n`);
    return error instanceof ServiceRefused ? error.exitCode : EXIT.usage;
  }
}

/** Undefined for what is no fault of the command line, the configuration or what they name: a bug. */
function sentenceOf(error: unknown, lang: Lang): string | undefined {
  if (error instanceof UsageError || error instanceof ServiceRefused)
    return typeof error.sentence === 'string' ? error.sentence : error.sentence[lang];
  if (!(error instanceof RecordError)) return undefined;
  const place = renderPlace(error.issue.place);
  return `${place === '' ? '' : `${place}: `}${renderIssue(error.issue, lang)}`;
}
