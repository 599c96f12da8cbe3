/**
 * A rule set as bytes: parsed, resolved, its triggers worked out, ready to be kept and to be shared between threads
 * without being parsed again. What the hunt needs at once (who the rules are, what was refused) is apart from what
 * the reading threads need, and each rule's body apart from the others: most are never triggered, and those are never
 * unpacked. Holds data only; nothing in it is run.
 */
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { shared } from '../../../lib/shared-bytes.ts';
import type { LogSource } from '../../../model/event.ts';
import type { Issue } from '../../../model/issue.ts';
import type { Level } from '../../../model/level.ts';
import type { CorrelationRule, DetectionRule } from '../../../model/sigma.ts';
import {
  bodyAt,
  loadRules,
  type PackedRules,
  packPrepared,
  prepareRules,
  type RefusedRule,
  type RuleFile,
  type TriggeredRule,
  unpackPrepared,
} from '../../../sigma/index.ts';
import { type Need, needOf } from './rule-needs.ts';

export type Placeholders = Readonly<Record<string, readonly (string | number)[]>>;

/** Everything a pack is made from. */
export interface RuleTexts {
  readonly files: readonly RuleFile[];
  readonly placeholders: Placeholders | undefined;
}

/** What can be known of a detection without unpacking it. */
export interface RuleBrief {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly tags: readonly string[];
  readonly logsource: LogSource;
  readonly need: Need;
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
  /** The detections, in memory shared between threads. */
  readonly packed: PackedRules;
}

export function packRules(texts: RuleTexts): RulePack {
  const { files, placeholders } = texts;
  const set = loadRules(files, placeholders === undefined ? {} : { placeholders });
  const detections = set.rules.filter((rule) => rule.kind === 'detection');
  const packed = packPrepared(prepareRules(detections), serialize);
  return {
    head: {
      briefs: detections.map(briefOf),
      correlations: set.rules.filter((rule) => rule.kind === 'correlation'),
      refused: set.refused,
      issues: set.issues,
    },
    packed,
  };
}

function briefOf(rule: DetectionRule): RuleBrief {
  const { id, title, level, tags, logsource } = rule;
  // Not of the packed body: how V8 writes a list depends on how it holds it, which differs from one parsing to the next.
  const hash = createHash('sha256').update(JSON.stringify(rule, plain)).digest('base64url');
  return { id, title, level, tags, logsource, need: needOf(rule), hash };
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** Lengths of the four parts, then the parts. */
const PARTS = 4;

export function packToBytes({ head, packed }: RulePack): Uint8Array {
  const { starts } = packed;
  const parts = [
    serialize(head),
    new Uint8Array(starts.buffer, starts.byteOffset, starts.byteLength),
    new Uint8Array(packed.table),
    new Uint8Array(packed.bodies),
  ];
  const lengths = Buffer.alloc(4 * PARTS);
  for (const [index, part] of parts.entries()) lengths.writeUInt32LE(part.length, 4 * index);
  return Buffer.concat([lengths, ...parts]);
}

/** Undefined when the bytes are not a pack. */
export function packFromBytes(bytes: Buffer): RulePack | undefined {
  try {
    let at = 4 * PARTS;
    const [head, starts, table, bodies] = Array.from({ length: PARTS }, (_, index) => {
      const begin = at;
      at += bytes.readUInt32LE(4 * index);
      return bytes.subarray(begin, at);
    });
    if (!head || !starts || !table || !bodies) return undefined;
    return {
      head: deserialize(head),
      packed: {
        table: shared(table),
        bodies: shared(bodies),
        starts: new Uint32Array(Uint8Array.from(starts).buffer),
      },
    };
  } catch {
    return undefined;
  }
}

/** Per detection of a pack. */
export const CHOSEN = { no: 0, yes: 1, mute: 2 } as const;

/** The detections of a hunt: those chosen of a pack. */
export interface PackedDetections extends PackedRules {
  /** One of `CHOSEN` for each; `mute` is there for correlations and does not speak for itself. */
  readonly chosen: Uint8Array;
}

/** Places in the pack of the detections chosen: their order is that of the hunt. */
export function chosenOf({ chosen }: PackedDetections): number[] {
  return [...chosen.keys()].filter((place) => chosen[place] !== CHOSEN.no);
}

/** The detection at a place of the pack. */
export function unpackRule(packed: PackedDetections, place: number): DetectionRule {
  const rule: DetectionRule = deserialize(bodyAt(packed, place));
  return packed.chosen[place] === CHOSEN.mute ? { ...rule, generates: false } : rule;
}

/** As `compilePrepared` takes them; each rule is unpacked when it is first asked for. */
export function unpackDetections(packed: PackedDetections): TriggeredRule[] {
  return unpackPrepared(packed, (place) => unpackRule(packed, place), chosenOf(packed));
}
