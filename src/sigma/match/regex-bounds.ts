/**
 * What V8's backtracking engine may be asked about an expression of a rule without ever taking more than linear time:
 * the whole expression when every repetition in it is bounded and the ways to repeat and choose are few (a bound on the
 * steps from any one place of the text), else its bounded parts, each of which must stand somewhere in a text that
 * matches. Answers hold for ASCII text only. Says nothing about which part of a text matches.
 */
import { type Node, readRegex } from './regex-syntax.ts';

export interface Bounds {
  /** No shorter text matches. */
  readonly least: number;
  /** Matches exactly the texts that the expression matches. */
  readonly whole: RegExp | undefined;
  /** Each matches every text that the expression matches. */
  readonly parts: readonly RegExp[];
  /** The expression asks only for so many units in a row out of this set; the set is global. */
  readonly run: RegExp | undefined;
}

const NOTHING_KNOWN: Bounds = { least: 0, whole: undefined, parts: [], run: undefined };

/** Most steps from one place of the text, for an expression to be called linear. */
const MOST_STEPS = 4_000;

export function boundsOf(source: string, flags: string): Bounds {
  const isCaseless = flags.includes('i') || source.startsWith('(?i)');
  const node = flags.includes('m')
    ? undefined
    : readRegex(source.replace(/^\(\?i\)/, ''), flags.includes('s'));
  if (node === undefined) return NOTHING_KNOWN;
  const compile = (part: Node): RegExp => new RegExp(write(part), isCaseless ? 'i' : '');
  const least = sizeOf(node);
  const run = runOf(node);
  if (run !== undefined) {
    return { least, whole: undefined, parts: [], run: new RegExp(`${write(run)}+`, isCaseless ? 'gi' : 'g') };
  }
  const { parts, isWhole } = boundedParts(node);
  const fitting = parts.filter((part) => costOf(part).steps <= MOST_STEPS);
  if (isWhole && parts.length === 1 && fitting[0] !== undefined) {
    return { least, whole: compile(fitting[0]), parts: [], run: undefined };
  }
  return {
    least,
    whole: undefined,
    parts: fitting.filter((part) => sizeOf(part) > 0).map(compile),
    run: undefined,
  };
}

/** The set of an expression that is nothing but a set so many times. */
function runOf(node: Node): Node | undefined {
  const only = soleItem(node);
  if (only?.kind !== 'repeat' || only.least < 2) return undefined;
  const item = soleItem(only.item);
  return item?.kind === 'set' ? item : undefined;
}

function soleItem(node: Node): Node | undefined {
  if (node.kind !== 'sequence') return node;
  return node.items.length === 1 && node.items[0] !== undefined ? soleItem(node.items[0]) : undefined;
}

/**
 * The expression cut at its unbounded repetitions. At its ends these need only their least: whatever goes before or
 * comes after a match is no hindrance.
 */
function boundedParts(node: Node): { parts: Node[]; isWhole: boolean } {
  const items = node.kind === 'sequence' ? node.items : [node];
  const parts: Node[][] = [[]];
  let isWhole = true;
  for (const [index, item] of items.entries()) {
    if (isBounded(item)) parts.at(-1)?.push(item);
    else if ((index === 0 || index === items.length - 1) && item.kind === 'repeat' && isBounded(item.item)) {
      parts.at(-1)?.push({ ...item, most: item.least });
    } else {
      isWhole = false;
      parts.push([]);
    }
  }
  return { isWhole, parts: parts.map((part) => ({ kind: 'sequence', items: part })) };
}

function isBounded(node: Node): boolean {
  if (node.kind === 'repeat') return node.most !== Number.POSITIVE_INFINITY && isBounded(node.item);
  return node.kind === 'set' || node.kind === 'edge' || node.items.every(isBounded);
}

/** Units of the shortest match. */
function sizeOf(node: Node): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'edge':
      return 0;
    case 'repeat':
      return node.least * sizeOf(node.item);
    case 'sequence':
      return node.items.reduce((sum, item) => sum + sizeOf(item), 0);
    case 'choice':
      return node.items.reduce((least, item) => Math.min(least, sizeOf(item)), Number.POSITIVE_INFINITY);
  }
}

interface Cost {
  /** Most steps taken inside, all ways tried. */
  readonly steps: number;
  /** Ways to get through. */
  readonly ways: number;
}

/** Of a bounded node: what comes after is tried once for each way through what goes before. */
function costOf(node: Node): Cost {
  switch (node.kind) {
    case 'set':
    case 'edge':
      return { steps: 1, ways: 1 };
    case 'sequence':
      return inTurn(node.items.map(costOf));
    case 'choice': {
      const costs = node.items.map(costOf);
      return {
        steps: costs.reduce((sum, cost) => sum + cost.steps, 0),
        ways: costs.reduce((sum, cost) => sum + cost.ways, 0),
      };
    }
    case 'repeat': {
      if (node.most > MOST_STEPS) return { steps: MOST_STEPS + 1, ways: 1 };
      const item = costOf(node.item);
      const { steps } = inTurn(Array.from({ length: node.most }, () => item));
      let ways = 0;
      for (let times = node.least; times <= node.most; times += 1) ways += item.ways ** times;
      return { steps: steps + 1, ways };
    }
  }
}

function inTurn(costs: readonly Cost[]): Cost {
  let steps = 0;
  let ways = 1;
  for (const cost of costs) {
    steps += ways * cost.steps;
    ways *= cost.ways;
  }
  return { steps, ways };
}

function write(node: Node): string {
  switch (node.kind) {
    case 'set':
    case 'edge':
      return node.source;
    case 'sequence':
      return node.items.map(write).join('');
    case 'choice':
      return `(?:${node.items.map(write).join('|')})`;
    case 'repeat': {
      const { least, most } = node;
      const times = most === Number.POSITIVE_INFINITY ? `{${least},}` : `{${least},${most}}`;
      return `(?:${write(node.item)})${times}`;
    }
  }
}
