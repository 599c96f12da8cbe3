/**
 * The configuration of `vigie up`: one YAML file, the environment above it, options above both; parsed whole and
 * strictly before anything starts, with every complaint at once and its place. Which kinds of receivers there are is
 * given by the caller; what they do with their options is not known here. Secrets have no default and are not logged.
 */
import { readFileSync } from 'node:fs';
import { load, YAMLException } from 'js-yaml';
import { z } from 'zod';
import type { ReceiverKind } from '../model/live/receiver.ts';
import { type Config, ConfigError, isZone } from './config.ts';

export const ROLES = ['ingest', 'anticipate', 'console'] as const;
export type Role = (typeof ROLES)[number];

const GIB = 1024 ** 3;

const Receiver = z.looseObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not made of small letters, digits and hyphens'),
  kind: z.string(),
});

const File = z.strictObject({
  data: z.string().min(1).optional(),
  roles: z.array(z.enum(ROLES)).min(1).optional(),
  receivers: z.array(Receiver).optional(),
  http: z
    .union([
      z.literal(false),
      z.strictObject({
        listen: z.string().optional(),
        certificate: z.string().optional(),
        key: z.string().optional(),
        client_authorities: z.string().optional(),
        trusted_proxies: z.array(z.string()).optional(),
      }),
    ])
    .optional(),
  event_store: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      user: z.string().optional(),
      password_file: z.string().optional(),
      database: z.string().optional(),
      cluster: z.string().optional(),
    })
    .optional(),
  database_url: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is not a postgres:// address')
    .optional(),
  spool: z
    .strictObject({
      max_gib: z.number().positive().max(100_000).optional(),
      reserve_gib: z.number().min(0).max(100_000).optional(),
    })
    .optional(),
  workers: z.int().min(1).max(64).optional(),
  rules: z.array(z.string().min(1)).optional(),
  own_rules: z.boolean().optional(),
  placeholders: z.string().optional(),
  content: z.string().optional(),
  zone: z.string().refine(isZone, 'is not a known IANA time zone').optional(),
  log_level: z.enum(['debug', 'info', 'warn', 'error']).optional(),
  stop_seconds: z.int().min(1).max(3_600).optional(),
});
type File = z.infer<typeof File>;

export interface ConfiguredReceiver {
  readonly id: string;
  readonly kind: ReceiverKind;
  /** Checked by the kind's own schema. */
  readonly options: unknown;
}

export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientAuthorities?: string };
  readonly trustedProxies: readonly string[];
}

export type EventStoreConfig =
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      readonly cluster?: string;
    };

export interface LiveConfig {
  readonly dataDirectory: string;
  readonly roles: readonly Role[];
  readonly receivers: readonly ConfiguredReceiver[];
  readonly http: HttpConfig | undefined;
  readonly eventStore: EventStoreConfig;
  /** Never logged: it may hold a password. */
  readonly databaseUrl: string | undefined;
  readonly spool: { readonly maxBytes: number; readonly reserveBytes: number };
  readonly workers: number;
  readonly ruleSets: readonly string[];
  readonly ownRules: boolean;
  readonly placeholders: string | undefined;
  readonly overlay: string | undefined;
  /** Of what can be worked out again. */
  readonly cacheDirectory: string;
  readonly siteZone: string;
  /** Who runs the service, for the journal. */
  readonly account: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly stopSeconds: number;
}

/** Given on the command line: above everything else. */
export interface LiveOverrides {
  readonly configFile?: string;
  readonly dataDirectory?: string;
  /** Address that the default receivers and HTTP listen on. */
  readonly listen?: string;
  readonly roles?: readonly string[];
  readonly rules?: readonly string[];
}

export interface LiveSurroundings {
  readonly config: Config;
  readonly kinds: readonly ReceiverKind[];
  /** Cores of the machine. */
  readonly cores: number;
}

const LOOPBACK = '127.0.0.1';
const SYSLOG_PORT = 5514;
const HTTP_PORT = 8686;

/** @throws ConfigError with every complaint, one a line */
export function readLiveConfig(overrides: LiveOverrides, around: LiveSurroundings): LiveConfig {
  const { config } = around;
  const file = overrides.configFile ?? config.liveConfigFile;
  const complaints: string[] = [];
  const given = file === undefined ? {} : parseFile(file, complaints);
  const roles = parseRoles(overrides.roles, complaints) ?? given.roles ?? ROLES;
  const listen = overrides.listen ?? LOOPBACK;
  const receivers = receiversOf(given.receivers ?? defaultReceivers(listen), { file, around, complaints });
  const http = httpOf(given, { file, listen, complaints });
  const eventStore = eventStoreOf(given, config, complaints);
  if (complaints.length > 0) throw new ConfigError(complaints.join('\n'));
  return {
    dataDirectory: overrides.dataDirectory ?? config.dataDirectoryGiven ?? given.data ?? config.dataDirectory,
    roles,
    receivers: roles.includes('ingest') ? receivers : [],
    http,
    eventStore,
    databaseUrl: config.databaseUrl ?? given.database_url,
    spool: {
      maxBytes: Math.floor((given.spool?.max_gib ?? 20) * GIB),
      reserveBytes: Math.floor((given.spool?.reserve_gib ?? 1) * GIB),
    },
    // The main thread, the event store and the system need a core between them.
    workers: given.workers ?? Math.max(1, around.cores - 1),
    ruleSets: [...(given.rules ?? []), ...(overrides.rules ?? [])],
    ownRules: given.own_rules ?? true,
    placeholders: given.placeholders,
    overlay: config.overlay ?? given.content,
    cacheDirectory: config.cacheDirectory,
    siteZone: given.zone ?? config.siteZone,
    account: config.account,
    logLevel: given.log_level ?? 'info',
    stopSeconds: given.stop_seconds ?? 30,
  };
}

function parseFile(file: string, complaints: string[]): File {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    complaints.push(`${file}: ${messageOf(error)}`);
    return {};
  }
  try {
    const written = load(text, { filename: file }) ?? {};
    const parsed = File.safeParse(written);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) complaints.push(...complaintsOf(issue, `${file}: `));
    return soundPartOf(written);
  } catch (error) {
    const isYaml = error instanceof YAMLException;
    complaints.push(`${file}: ${isYaml ? error.message : messageOf(error)}`);
  }
  return {};
}

/** The settings that are well-formed for themselves, so that what is wrong inside them is told with the rest. */
function soundPartOf(written: unknown): File {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return {};
  const sound = Object.entries(written).filter(
    ([key, value]) =>
      Object.hasOwn(File.shape, key) && File.shape[key as keyof File].safeParse(value).success,
  );
  return File.parse(Object.fromEntries(sound));
}

function complaintsOf(issue: z.core.$ZodIssue, prefix: string): string[] {
  const at = issue.path.join('.');
  if (issue.code === 'invalid_union') {
    // Of the shapes there are, the one that was meant: its complaints lie inside.
    const meant = issue.errors.find((branch) => branch.some(({ path }) => path.length > 0));
    const inside = meant?.flatMap((one) =>
      complaintsOf({ ...one, path: [...issue.path, ...one.path] }, prefix),
    );
    if (inside !== undefined) return inside;
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${prefix}${at === '' ? key : `${at}.${key}`}: unknown setting`);
  }
  return [`${prefix}${at === '' ? '' : `${at}: `}${issue.message}`];
}

function parseRoles(given: readonly string[] | undefined, complaints: string[]): readonly Role[] | undefined {
  if (given === undefined) return undefined;
  const roles = ROLES.filter((role) => given.includes(role));
  for (const name of given.filter((name) => !ROLES.some((role) => role === name))) {
    complaints.push(`--roles: "${name}" is none of ${ROLES.join(', ')}`);
  }
  return roles;
}

type GivenReceiver = z.infer<typeof Receiver>;

function defaultReceivers(listen: string): GivenReceiver[] {
  const address = withPort(listen, SYSLOG_PORT);
  return [
    { id: 'syslog-tcp', kind: 'syslog-tcp', listen: address },
    { id: 'syslog-udp', kind: 'syslog-udp', listen: address },
  ];
}

function withPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

interface Checking {
  readonly file: string | undefined;
  readonly complaints: string[];
}

function receiversOf(
  given: readonly GivenReceiver[],
  { file, around, complaints }: Checking & { readonly around: LiveSurroundings },
): ConfiguredReceiver[] {
  const prefix = file === undefined ? '' : `${file}: `;
  const ids = new Set<string>();
  return given.flatMap((receiver, index) => {
    const { id, kind: name, ...options } = receiver;
    const at = `${prefix}receivers.${index}`;
    if (ids.has(id)) complaints.push(`${at}.id: "${id}" is used twice`);
    ids.add(id);
    const kind = around.kinds.find((each) => each.kind === name);
    if (kind === undefined) {
      complaints.push(`${at}.kind: "${name}" is none of ${around.kinds.map((each) => each.kind).join(', ')}`);
      return [];
    }
    const parsed = kind.options.safeParse(options);
    if (parsed.success) return [{ id, kind, options: parsed.data }];
    for (const issue of parsed.error.issues) complaints.push(...complaintsOf(issue, `${at}.`));
    return [];
  });
}

function httpOf(
  given: File,
  { file, listen, complaints }: Checking & { readonly listen: string },
): HttpConfig | undefined {
  if (given.http === false) return undefined;
  const http = given.http ?? {};
  const where = parseHostPort(http.listen ?? withPort(listen, HTTP_PORT));
  const prefix = file === undefined ? '' : `${file}: `;
  if (where === undefined) {
    complaints.push(`${prefix}http.listen: is not ADDRESS:PORT, such as 0.0.0.0:${HTTP_PORT}`);
  }
  if ((http.certificate === undefined) !== (http.key === undefined)) {
    complaints.push(`${prefix}http: certificate and key come together`);
  }
  const tls = tlsOf(http, `${prefix}http`, complaints);
  return {
    ...(where ?? { host: LOOPBACK, port: HTTP_PORT }),
    ...(tls === undefined ? {} : { tls }),
    trustedProxies: http.trusted_proxies ?? [],
  };
}

function tlsOf(
  http: Exclude<File['http'], false | undefined>,
  at: string,
  complaints: string[],
): HttpConfig['tls'] {
  const { certificate, key, client_authorities: authorities } = http;
  if (certificate === undefined || key === undefined) return undefined;
  const read = (name: string, file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      complaints.push(`${at}.${name}: ${messageOf(error)}`);
      return '';
    }
  };
  return {
    certificate: read('certificate', certificate),
    key: read('key', key),
    ...(authorities === undefined ? {} : { clientAuthorities: read('client_authorities', authorities) }),
  };
}

function eventStoreOf(given: File, config: Config, complaints: string[]): EventStoreConfig {
  const store = given.event_store;
  const address = config.clickhouseUrl ?? store?.url;
  if (address === undefined) return { kind: 'embedded' };
  const url = new URL(address);
  const { username, password, pathname } = url;
  url.username = '';
  url.password = '';
  url.pathname = '/';
  let secret = decodeURIComponent(password);
  if (store?.password_file !== undefined) {
    try {
      secret = readFileSync(store.password_file, 'utf8').trim();
    } catch (error) {
      complaints.push(`event_store.password_file: ${messageOf(error)}`);
    }
  }
  return {
    kind: 'url',
    url: url.href,
    user: store?.user ?? (username === '' ? 'default' : decodeURIComponent(username)),
    password: secret,
    database: store?.database ?? (pathname.length > 1 ? pathname.slice(1) : 'default'),
    ...(store?.cluster === undefined ? {} : { cluster: store.cluster }),
  };
}

function parseHostPort(text: string): { host: string; port: number } | undefined {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  if (parts === null || port > 65_535) return undefined;
  return { host: parts[1] ?? parts[2] ?? '', port };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
