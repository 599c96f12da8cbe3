/**
 * The memory of deliveries that may be sent again: sender and key, for ten minutes. When a segment is finished, its keys
 * are also written to a small `<segment>.keys` file (a line: received at, a tab, what is remembered as JSON), so that
 * the memory survives both a crash and the segment. Ages are measured on the monotonic clock: a clock set back or
 * forth forgets nothing.
 */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../../platform/clock.ts';
import { type FrameHead, keyOf, senderTextOf } from './format.ts';

const KEY_MEMORY_MILLIS = 10 * 60_000;
/** Most keys remembered; beyond, the oldest are forgotten early. */
const MAX_KEYS = 1_000_000;

export interface KeyMemory {
  /** Whether the same was accepted within the memory. */
  has(name: string): boolean;
  /** @param segment name of the segment its frame is in */
  add(name: string, segment: string, receivedAtMillis: number): void;
  /** The segment is finished: what it holds is written down. */
  finish(segment: string): void;
  /** Forgets what is too old, files included. */
  forget(): void;
}

/** What is remembered of a frame; undefined when it has no key. */
export function keyNameOf(buffer: Buffer, at: number, head: FrameHead): string | undefined {
  if (head.keyBytes === 0) return undefined;
  return keyName(senderTextOf(buffer, at, head), keyOf(buffer, at, head));
}

export function keyName(senderText: string, key: string): string {
  return `${key} ${senderText}`;
}

/** Reads what earlier runs wrote down. */
export function createKeyMemory(directory: string, clock: Clock): KeyMemory {
  /** Name → when it was added, on the monotonic clock; the oldest first. */
  const known = new Map<string, number>();
  /** Segment → its lines, until it is finished. */
  const unwritten = new Map<string, string[]>();
  /** File → when it is no longer needed. */
  const files = new Map<string, number>();
  load();

  function remember(name: string, atMillis: number): void {
    known.delete(name);
    known.set(name, atMillis);
    const [oldest] = known.size > MAX_KEYS ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
  }

  function load(): void {
    const names = readdirSync(directory).filter((name) => name.endsWith('.keys'));
    for (const name of names.sort()) {
      const file = path.join(directory, name);
      const ageMillis = Math.max(0, clock.nowMillis() - statSync(file).mtimeMs);
      files.set(file, clock.monotonicMillis() - ageMillis + KEY_MEMORY_MILLIS);
      for (const line of readFileSync(file, 'utf8').split('\n')) loadLine(line);
    }
  }

  function loadLine(line: string): void {
    const tab = line.indexOf('\t');
    const ageMillis = Math.max(0, clock.nowMillis() - Number(line.slice(0, tab)));
    if (tab <= 0 || ageMillis > KEY_MEMORY_MILLIS) return;
    try {
      remember(String(JSON.parse(line.slice(tab + 1))), clock.monotonicMillis() - ageMillis);
    } catch {
      // A line cut short: what it named may be stored once more if it is sent again within minutes.
    }
  }

  return {
    has(name) {
      const at = known.get(name);
      return at !== undefined && clock.monotonicMillis() - at <= KEY_MEMORY_MILLIS;
    },
    add(name, segment, receivedAtMillis) {
      const ageMillis = Math.max(0, clock.nowMillis() - receivedAtMillis);
      if (ageMillis > KEY_MEMORY_MILLIS) return;
      remember(name, clock.monotonicMillis() - ageMillis);
      const lines = unwritten.get(segment) ?? [];
      lines.push(`${receivedAtMillis}\t${JSON.stringify(name)}\n`);
      unwritten.set(segment, lines);
    },
    finish(segment) {
      const lines = unwritten.get(segment);
      if (lines === undefined) return;
      unwritten.delete(segment);
      const file = path.join(directory, segment.replace(/\.seg$/, '.keys'));
      writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      files.set(file, clock.monotonicMillis() + KEY_MEMORY_MILLIS);
    },
    forget() {
      const now = clock.monotonicMillis();
      for (const [name, at] of known) {
        if (now - at <= KEY_MEMORY_MILLIS) break;
        known.delete(name);
      }
      for (const [file, untilMillis] of files) {
        if (now <= untilMillis) continue;
        rmSync(file, { force: true });
        files.delete(file);
      }
    },
  };
}
