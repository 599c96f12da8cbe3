/**
 * Vendors' messages with the fields others read in them, compared field by field with what our sources give. A field
 * told wrong is a defect; a missing one is work left. The score may only rise.
 */
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../src/codecs/index.ts';
import type { Event, LogRecord } from '../src/model/event.ts';
import { corpusDir } from './corpus.ts';
import {
  ACTIONS,
  DISAGREEMENTS,
  EQUIVALENTS,
  type Equivalent,
  framed,
  type ParserLine,
  type Spelling,
} from './parser-lines.ts';
import { expectationsOf } from './ruby-expectations.ts';
import { shippedNormaliser } from './rule-runner.ts';

const CORPUS = corpusDir() ?? '';
const NORMALISER = shippedNormaliser();
const TIME = { siteZone: 'UTC', referenceMicros: Date.parse('2026-12-31T00:00:00Z') * 1000 };

/** Fields right and fields missing, of each file whose kind of log has a source here. No field may be wrong. */
const SCORE: Readonly<Record<string, { readonly right: number; readonly missing: number }>> = {
  'bro_spec.rb': { right: 59, missing: 0 },
  'firewalls_spec.rb': { right: 119, missing: 0 },
  'haproxy_spec.rb': { right: 37, missing: 0 },
  'httpd_spec.rb': { right: 24, missing: 0 },
  'squid_spec.rb': { right: 15, missing: 0 },
  'syslog_spec.rb': { right: 2, missing: 0 },
};

interface Score {
  right: number;
  missing: number;
  readonly wrong: string[];
  readonly absent: string[];
  readonly sources: Set<string>;
}

function eventOf(text: string): Event | undefined {
  const records: LogRecord[] = [];
  const decoder = createDecoder({ path: 'line' }, { record: (one) => records.push(one), issue: () => {} });
  decoder.push(Buffer.from(`${text}\n`));
  decoder.end();
  const [record] = records;
  if (record === undefined) return undefined;
  const outcome = NORMALISER.normalise(record, TIME);
  return outcome.kind === 'ok' ? outcome.value : undefined;
}

function ours(event: Event, { to }: Equivalent): string | undefined {
  if (to[0] === 'time') return event.time?.iso;
  const value = to.map((name) => event.ecs[name]).find((one) => one !== undefined);
  return value === undefined ? undefined : String(value);
}

const SPELLINGS: Readonly<Record<Spelling, (value: string, expected: string) => boolean>> = {
  plain: (value, one) => value === one || (/^\d+$/.test(one) && value === String(Number(one))),
  lower: (value, one) => value.toLowerCase() === one.toLowerCase(),
  action: (value, one) => value === (ACTIONS[one.toLowerCase()] ?? one.toLowerCase()),
  priority: (value, one) => Number(one) % 8 === Number(value),
  code: (value, one) => one.endsWith(`-${value}`),
  time: sameTime,
};

/** Is our value one of those expected? */
function agrees(value: string, expected: readonly string[], { as = 'plain' }: Equivalent): boolean {
  return expected.some((one) => SPELLINGS[as](value, one));
}

/** Epochs whole; else the clock's time as it is written, in the zone that is written. */
function sameTime(iso: string, text: string): boolean {
  if (/^\d+(\.\d+)?$/.test(text)) return Date.parse(iso) === Math.floor(Number(text) * 1000);
  if (/[+-]\d\d:?\d\d$/.test(text)) return Date.parse(iso) === Date.parse(text.replace(',', '.'));
  const clock = /\d\d:\d\d:\d\d(\.\d+)?/.exec(text)?.[0];
  return clock !== undefined && iso.includes(`T${clock}`);
}

/** Do we say something else on purpose? */
function disagrees({ pattern }: ParserLine, name: string): boolean {
  return DISAGREEMENTS.some(
    (one) => pattern.includes(one.pattern) && one.names.some((start) => name.startsWith(start)),
  );
}

function scoreOf(lines: readonly ParserLine[]): Score {
  const score: Score = { right: 0, missing: 0, wrong: [], absent: [], sources: new Set() };
  for (const line of lines) {
    const text = framed(line);
    const event = text === undefined ? undefined : eventOf(text);
    if (event === undefined) continue;
    score.sources.add(event.kind.sourceId);
    for (const [name, expected] of expectationsOf(line.expect_raw)) {
      const equivalent = EQUIVALENTS[name];
      if (equivalent === undefined || disagrees(line, name) || expected.every((one) => one === '-')) continue;
      const value = ours(event, equivalent);
      const place = `${line.pattern}: ${name} is ${expected.join(' or ')}`;
      if (value === undefined) score.absent.push(place);
      else if (agrees(value, expected, equivalent)) score.right++;
      else score.wrong.push(`${place}, not ${value}`);
    }
  }
  score.missing = score.absent.length;
  return score;
}

describe.skipIf(CORPUS === '')('fields of vendors’ messages', () => {
  const lines =
    CORPUS === ''
      ? []
      : readFileSync(path.join(CORPUS, 'parser_lines/logstash_patterns.jsonl'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as ParserLine);
  const scores = [...Map.groupBy(lines, ({ file }) => file)].map(([file, inside]) => ({
    file,
    messages: inside.length,
    ...scoreOf(inside),
  }));

  it.each(scores)('$file', ({ file, messages, right, missing, wrong, absent, sources }) => {
    process.stdout.write(
      `${file.padEnd(22)} ${messages} messages: ${right} right, ${wrong.length} wrong, ${missing} missing  (${[...sources].join(', ')})\n`,
    );
    if (process.env.VIGIE_SHOW !== undefined)
      process.stdout.write(
        [...wrong.map((w) => `  WRONG ${w}`), ...absent.map((a) => `  missing ${a}`), ''].join('\n'),
      );
    // Also of kinds of log that have no source here: what is said of them in general must be true.
    expect(wrong).toEqual([]);
    const floor = SCORE[file];
    if (floor === undefined) return;
    expect(right).toBeGreaterThanOrEqual(floor.right);
    expect(missing).toBeLessThanOrEqual(floor.missing);
  });
});
