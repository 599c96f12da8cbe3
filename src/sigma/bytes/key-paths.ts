/**
 * Numbers the paths of keys met in JSON lines: (parent path, key bytes) → path id, so that everything known about a
 * path can be an array index. Keys are compared as bytes; the table only grows, up to a limit past which a new path
 * has no number (its line then takes the full path). Keys written with escapes have no number either.
 */
import { Buffer } from 'node:buffer';
import type { Span } from '../match/scanner.ts';

export const ROOT = 0;
export const NO_PATH = -1;

/** Logs that put data into keys (maps keyed by user) would otherwise fill the memory. */
export const MOST_PATHS = 16_384;
const LONGEST_KEY = 256;

export interface KeyPath {
  /** The keys from the top. */
  readonly keys: readonly string[];
  /** Joined by dots; a dot or backslash inside a key has a backslash before it. */
  readonly dotted: string;
  /** What this path adds to the order-free signature of a line. */
  readonly sign: number;
}

export interface KeyPaths {
  /** The id of the key bytes[start, end) under `parent`, or NO_PATH. */
  child(parent: number, span: Span, start: number, end: number): number;
  /**
   * The path under `parent` that followed `last` the last time, or NO_PATH. Most lines of a log repeat the order of the
   * keys, at least in part.
   */
  guess(last: number, parent: number): number;
  /** Whether the path's own key is bytes[start, end). */
  isKey(path: number, bytes: Uint8Array, start: number, end: number): boolean;
  /** Remembers that `path` followed `last`. */
  learn(last: number, path: number): void;
  path(id: number): KeyPath;
  count(): number;
}

const MIX_A = 0x9e3779b1;
const MIX_B = 0x85ebca6b;
const MIX_C = 0xc2b2ae35;

export function createKeyPaths(): KeyPaths {
  const paths: KeyPath[] = [{ keys: [], dotted: '', sign: 0 }];
  const parents = new Int32Array(MOST_PATHS);
  const keyBytes: Uint8Array[] = [new Uint8Array()];
  const followers = new Int32Array(MOST_PATHS).fill(NO_PATH);
  const table = new Int32Array(MOST_PATHS * 4).fill(NO_PATH);
  const mask = table.length - 1;

  function add(at: number, parent: number, key: Uint8Array): number {
    if (paths.length >= MOST_PATHS || key.length > LONGEST_KEY || key.includes(0x5c)) return NO_PATH;
    const id = paths.length;
    const above = paths[parent] as KeyPath;
    const name = Buffer.from(key).toString('utf8');
    if (name.includes('\ufffd')) return NO_PATH;
    const dotted = name.replace(/[.\\]/g, '\\$&');
    paths.push({
      keys: [...above.keys, name],
      dotted: above.dotted === '' && parent === ROOT ? dotted : `${above.dotted}.${dotted}`,
      sign: (Math.imul(id ^ (id << 13), MIX_A) ^ Math.imul(id + 77, MIX_C)) | 0,
    });
    parents[id] = parent;
    keyBytes.push(Uint8Array.from(key));
    table[at] = id;
    return id;
  }

  return {
    path: (id) => paths[id] as KeyPath,
    count: () => paths.length,
    guess(last, parent) {
      const id = followers[last] as number;
      return id !== NO_PATH && parents[id] === parent ? id : NO_PATH;
    },
    isKey: (path, bytes, start, end) => sameBytes(keyBytes[path] as Uint8Array, bytes, start, end),
    learn(last, path) {
      followers[last] = path;
    },
    child(parent, span, start, end) {
      let at = hashOf(span, start, end, parent) & mask;
      for (;;) {
        const id = table[at] as number;
        if (id === NO_PATH) return add(at, parent, span.bytes.subarray(start, end));
        if (parents[id] === parent && sameBytes(keyBytes[id] as Uint8Array, span.bytes, start, end))
          return id;
        at = (at + 1) & mask;
      }
    },
  };
}

function hashOf({ bytes, view }: Span, start: number, end: number, parent: number): number {
  const size = end - start;
  let hash = Math.imul(size, MIX_C) ^ Math.imul(parent, MIX_B);
  if (size >= 4) {
    hash ^= Math.imul(view.getUint32(start, true), MIX_A) ^ Math.imul(view.getUint32(end - 4, true), MIX_B);
  } else {
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), MIX_A);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

export function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let index = 0; index < known.length; index += 1) {
    if (known[index] !== bytes[start + index]) return false;
  }
  return true;
}
