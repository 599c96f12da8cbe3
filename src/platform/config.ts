/**
 * The process's configuration: the environment, parsed whole and once. The only place that reads `process.env`.
 * Unknown `VIGIE_*` names are refused: a misspelt setting must not be silence.
 */
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { LANGS, type Lang } from '../model/lang.ts';

const Environment = z.strictObject({
  /** Language of what people read. */
  VIGIE_LANG: z.enum(LANGS).optional(),
  /** IANA zone assumed for records that write no zone. */
  VIGIE_ZONE: z.string().refine(isZone, 'is not a known IANA time zone').optional(),
  /** Overlay content directory of the site, same shape as `content/`. */
  VIGIE_CONTENT: z.string().optional(),
  /** Directory of everything Vigie keeps. */
  VIGIE_DATA: z.string().min(1).optional(),
  /** PostgreSQL for the system of record, instead of a file in the data directory. May hold a password. */
  VIGIE_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is not a postgres:// address')
    .optional(),
  /** ClickHouse server for the events, instead of the embedded one. May hold a password. */
  VIGIE_CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Configuration file of `vigie up`. */
  VIGIE_CONFIG: z.string().min(1).optional(),
  /** Where the public corpora are, for tests and benchmarks. */
  VIGIE_CORPUS: z.string().optional(),
});

export interface Config {
  readonly lang: Lang;
  readonly siteZone: string;
  readonly overlay: string | undefined;
  readonly corpus: string | undefined;
  readonly dataDirectory: string;
  /** Of what can be worked out again: may be emptied at any time. */
  readonly cacheDirectory: string;
  /** Never logged: it may hold a password. */
  readonly databaseUrl: string | undefined;
  /** Who runs this process, for the journal: the account, and through `sudo` who asked for it. */
  readonly account: string;
  /** `dataDirectory` when it was set; undefined when it is the default. */
  readonly dataDirectoryGiven: string | undefined;
  /** Never logged: it may hold a password. */
  readonly clickhouseUrl: string | undefined;
  readonly liveConfigFile: string | undefined;
  /** https://no-color.org */
  readonly noColor: boolean;
  readonly locale: string;
}

/** Thrown at start-up only, with every complaint at once. */
export class ConfigError extends Error {}

/**
 * @throws ConfigError naming each wrong or unknown variable
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('VIGIE_')));
  const parsed = Environment.safeParse(own);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(complaint).join('\n'));
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return {
    lang: parsed.data.VIGIE_LANG ?? (locale.startsWith('fr') ? 'fr' : 'en'),
    siteZone: parsed.data.VIGIE_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    overlay: parsed.data.VIGIE_CONTENT,
    corpus: parsed.data.VIGIE_CORPUS,
    dataDirectory: parsed.data.VIGIE_DATA ?? defaultDataDirectory(env),
    cacheDirectory: cacheDirectory(env),
    databaseUrl: parsed.data.VIGIE_DATABASE_URL,
    account: accountName(env.SUDO_USER),
    dataDirectoryGiven: parsed.data.VIGIE_DATA,
    clickhouseUrl: parsed.data.VIGIE_CLICKHOUSE_URL,
    liveConfigFile: parsed.data.VIGIE_CONFIG,
    noColor: (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb',
    locale,
  };
}

/** Per user, where the platform keeps such: XDG on Unix, local application data on Windows. */
function defaultDataDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const base = env.XDG_DATA_HOME || env.LOCALAPPDATA || path.join(homedir(), '.local', 'share');
  return path.join(base, 'vigie');
}

/** XDG says that a path that is not absolute is to be ignored. */
function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const told = [env.XDG_CACHE_HOME, env.LOCALAPPDATA].find(
    (base) => base !== undefined && path.isAbsolute(base),
  );
  return path.join(told ?? path.join(homedir(), '.cache'), 'vigie');
}

function accountName(askedBy: string | undefined): string {
  try {
    const { username } = userInfo();
    return askedBy === undefined || askedBy === username ? username : `${username} (sudo: ${askedBy})`;
  } catch {
    // An account without a name, as containers have them.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown setting ${issue.keys.join(', ')}`;
  return `${issue.path.join('.')}: ${issue.message}`;
}

/** Whether this runtime knows the IANA time zone. */
export function isZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
