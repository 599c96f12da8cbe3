/**
 * Structured logs on standard error: one JSON object a line, or one readable line when a person watches. A message is
 * static; what varies is in fields. Event data, secrets and people's names never go in here.
 */
import { pino } from 'pino';

export interface Log {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
  /** The same log with fields on every line. */
  with(fields: object): Log;
}

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly isForPeople: boolean;
}

const REDACTED = ['password', 'token', 'secret', 'authorization', '*.password', '*.token', '*.secret'];

export function createLog(options: LogOptions): Log {
  const target = options.isForPeople
    ? { write: (line: string) => void process.stderr.write(readable(line)) }
    : { write: (line: string) => void process.stderr.write(line) };
  const logger = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: REDACTED,
    },
    target,
  );
  return wrap(logger);
}

function wrap(logger: pino.Logger): Log {
  return {
    debug: (message, fields = {}) => logger.debug(plain(fields), message),
    info: (message, fields = {}) => logger.info(plain(fields), message),
    warn: (message, fields = {}) => logger.warn(plain(fields), message),
    error: (message, fields = {}) => logger.error(plain(fields), message),
    with: (fields) => wrap(logger.child(plain(fields))),
  };
}

/** Errors as their message: a stack may show what the failing code held. */
function plain(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? value.message : value]),
  );
}

/** `12:03:04 warn  message  field=value` */
function readable(line: string): string {
  const { level, time, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const text = `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(message)}`;
  return `${[text, ...pairs].join('  ')}\n`;
}
