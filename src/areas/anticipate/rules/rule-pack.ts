/**
 * A rule set as bytes: parsed, resolved, its triggers worked out, ready to be kept and to be shared between threads
 * without being parsed again. What the hunt needs at once (who the rules are, what was refused) is apart from what
 * only the reading threads need. Holds data only; nothing in it is run.
 */
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { Issue } from '../../../model/issue.ts';
import type { Level } from '../../../model/level.ts';
import type { CorrelationRule, DetectionRule } from '../../../model/sigma.ts';
import {
  loadRules,
  prepareRules,
  type RefusedRule,
  type RuleFile,
  type TriggeredRule,
} from '../../../sigma/index.ts';

export type Placeholders = Readonly<Record<string, readonly (string | number)[]>>;

/** Everything a pack is made from. */
export interface RuleTexts {
  readonly files: readonly RuleFile[];
  readonly placeholders: Placeholders | undefined;
}

/** What choosing by level and tag looks at. */
export interface RuleBrief {
  readonly id: string;
  readonly level: Level;
  readonly tags: readonly string[];
  /** Changes with anything in the rule. */
  readonly hash: string;
}

export interface PackHead {
  /** Detections, in the order of the packed ones. */
  readonly briefs: readonly RuleBrief[];
  readonly correlations: readonly CorrelationRule[];
  readonly refused: readonly RefusedRule[];
  readonly issues: readonly Issue[];
}

export interface RulePack {
  readonly head: PackHead;
  /** Shared, not copied, between threads. */
  readonly detections: SharedArrayBuffer;
}

export function packRules(texts: RuleTexts): RulePack {
  const { files, placeholders } = texts;
  const set = loadRules(files, placeholders === undefined ? {} : { placeholders });
  const detections = set.rules.filter((rule) => rule.kind === 'detection');
  return {
    head: {
      briefs: detections.map((rule) => {
        const { id, level, tags } = rule;
        return { id, level, tags, hash: createHash('sha256').update(serialize(rule)).digest('base64url') };
      }),
      correlations: set.rules.filter((rule) => rule.kind === 'correlation'),
      refused: set.refused,
      issues: set.issues,
    },
    detections: shared(serialize(prepareRules(detections))),
  };
}

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

export function packToBytes(pack: RulePack): Uint8Array {
  const head = serialize(pack.head);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  return Buffer.concat([size, head, new Uint8Array(pack.detections)]);
}

/** Undefined when the bytes are not a pack. */
export function packFromBytes(bytes: Buffer): RulePack | undefined {
  try {
    const start = 4 + bytes.readUInt32LE(0);
    const head: PackHead = deserialize(bytes.subarray(4, start));
    return { head, detections: shared(bytes.subarray(start)) };
  } catch {
    return undefined;
  }
}

/** Per detection of a pack. */
export const CHOSEN = { no: 0, yes: 1, mute: 2 } as const;

/** The detections of a hunt: those chosen of a pack. */
export interface PackedDetections {
  readonly bytes: SharedArrayBuffer;
  /** One of `CHOSEN` for each; `mute` is there for correlations and does not speak for itself. */
  readonly chosen: Uint8Array;
}

export function unpackDetections({ bytes, chosen }: PackedDetections): TriggeredRule[] {
  const all: TriggeredRule[] = deserialize(new Uint8Array(bytes));
  return all.flatMap((each, index) => {
    if (chosen[index] === CHOSEN.no) return [];
    return [chosen[index] === CHOSEN.mute ? { ...each, rule: muted(each.rule) } : each];
  });
}

function muted(rule: DetectionRule): DetectionRule {
  return { ...rule, generates: false };
}
