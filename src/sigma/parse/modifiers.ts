/**
 * The modifiers of sigma-appendix-modifiers 2.1.0, each a function from one draft to the drafts it becomes (several
 * are alternatives of one value) or to the reason why it cannot be. Applied in the order written. `all` and `neq`
 * change how values are linked and are not here but in `field.ts`; which modifiers may meet is in `chain.ts`.
 */
import ipaddr from 'ipaddr.js';
import type { ValueTest } from '../../model/sigma.ts';
import { asText, type Draft, type TextDraft, textDraft } from './draft.ts';
import { toBase64, toBase64Offsets, toUtf16, type Utf16 } from './encode.ts';
import { literal, mapLiterals, plainText, withMany } from './pattern.ts';
import { expandPlaceholders, type Placeholders } from './placeholder.ts';
import { translateRegex } from './regex.ts';
import { because, type Params } from './report.ts';
import { windashVariants } from './windash.ts';

type Applied = readonly Draft[] | { readonly problem: Params; readonly isRegex?: boolean };
export type Apply = (draft: Draft, context: { readonly placeholders: Placeholders }) => Applied;

const NOT_TEXT = because('applies to text only', 'ne s’applique qu’à du texte');
const HAS_WILDCARDS = because('does not take wildcards', 'n’accepte pas de joker');

function onText(change: (text: TextDraft) => Applied): Apply {
  return (draft) => {
    const text = asText(draft);
    return text === undefined ? { problem: NOT_TEXT } : change(text);
  };
}

/** `contains`, `startswith`, `endswith`: on a text, a regular expression or a field reference. */
function around(mode: 'contains' | 'startswith' | 'endswith'): Apply {
  return (draft) => {
    if (draft.kind === 'test' && draft.test.op === 'fieldref') return [test({ ...draft.test, mode })];
    if (draft.kind === 'test' && draft.test.op === 'regex') return [anchorRegex(draft.test, mode)];
    const text = asText(draft);
    if (text === undefined) return { problem: NOT_TEXT };
    const where = { start: mode !== 'startswith', end: mode !== 'endswith' };
    return [{ ...text, pattern: withMany(text.pattern, where), touched: true }];
  };
}

function anchorRegex(regex: Extract<ValueTest, { op: 'regex' }>, mode: string): Draft {
  if (mode === 'contains') return test(regex);
  const source = mode === 'startswith' ? `\\A(?:${regex.source})` : `(?:${regex.source})\\z`;
  return test({ ...regex, source });
}

function test(value: ValueTest): Draft {
  return { kind: 'test', test: value };
}

function utf16(shape: Utf16): Apply {
  return onText((text) => [
    {
      ...text,
      pattern: mapLiterals(text.pattern, (piece) => toUtf16(piece, shape)),
      isBytes: true,
      touched: true,
    },
  ]);
}

function encoded(encode: (plain: string, isBytes: boolean) => string[]): Apply {
  return onText((text) => {
    const plain = plainText(text.pattern);
    if (plain === undefined) return { problem: HAS_WILDCARDS };
    if (plain === '') return { problem: because('needs some text', 'demande du texte') };
    return encode(plain, text.isBytes).map((variant) => ({
      ...textDraft(''),
      pattern: literal(variant),
      cased: text.cased,
      touched: true,
    }));
  });
}

function regexFlag(flag: 'i' | 'm' | 's'): Apply {
  return (draft) => {
    if (draft.kind !== 'test' || draft.test.op !== 'regex') {
      return { problem: because('must follow `re`', 'doit suivre `re`') };
    }
    const flags = ['i', 'm', 's'].filter((each) => each === flag || flagsOf(draft).includes(each)).join('');
    return [test({ ...draft.test, flags })];
  };
}

function flagsOf(draft: Draft): string {
  return draft.kind === 'test' && draft.test.op === 'regex' ? draft.test.flags : '';
}

const re: Apply = onText((text) => {
  const translated = translateRegex(text.raw, '');
  if (translated.problem !== undefined) return { problem: translated.problem, isRegex: true };
  return [test({ op: 'regex', source: translated.source, flags: translated.flags })];
});

const cidr: Apply = (draft) => {
  if (draft.kind !== 'text') return { problem: NOT_TEXT };
  const network = parseNetwork(draft.raw.trim());
  if (network !== undefined) return [test({ op: 'cidr', ...network })];
  return {
    problem: because(
      'is not an IPv4 or IPv6 network such as 10.0.0.0/8',
      'n’est pas un réseau IPv4 ou IPv6 tel que 10.0.0.0/8',
    ),
  };
};

/** A bare address is a network of one; bits below the prefix are cleared. */
function parseNetwork(text: string): { network: string; prefix: number } | undefined {
  const [address = '', bits, more] = text.split('/');
  const isV4 = ipaddr.IPv4.isValidFourPartDecimal(address);
  if (more !== undefined || (!isV4 && !(address.includes(':') && ipaddr.IPv6.isValid(address))))
    return undefined;
  const longest = isV4 ? 32 : 128;
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return undefined;
  const prefix = bits === undefined ? longest : Number(bits);
  if (prefix > longest) return undefined;
  const family = isV4 ? ipaddr.IPv4 : ipaddr.IPv6;
  return { network: family.networkAddressFromCIDR(`${address}/${prefix}`).toString(), prefix };
}

function compare(than: 'lt' | 'lte' | 'gt' | 'gte'): Apply {
  return (draft) => {
    if (draft.kind === 'test' && draft.test.op === 'time-part') return [test({ ...draft.test, than })];
    const value = numberOf(draft);
    if (value === undefined) return { problem: because('needs a number', 'demande un nombre') };
    return [test({ op: 'compare', than, value })];
  };
}

function numberOf(draft: Draft): number | undefined {
  if (draft.kind === 'number') return draft.value;
  if (draft.kind !== 'text' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(draft.raw))
    return undefined;
  return Number(draft.raw);
}

type TimePart = Extract<ValueTest, { op: 'time-part' }>['part'];

function timePart(part: TimePart, lowest: number, highest: number): Apply {
  return (draft) => {
    const value = numberOf(draft);
    if (value !== undefined && Number.isInteger(value) && value >= lowest && value <= highest) {
      return [test({ op: 'time-part', part, value })];
    }
    return {
      problem: because(
        `needs a whole number from ${lowest} to ${highest}`,
        `demande un entier de ${lowest} à ${highest}`,
      ),
    };
  };
}

const exists: Apply = (draft) => {
  if (draft.kind === 'boolean') return [test({ op: 'exists', value: draft.value })];
  const word = draft.kind === 'text' ? draft.raw.toLowerCase() : '';
  if (word === 'true' || word === 'yes') return [test({ op: 'exists', value: true })];
  if (word === 'false' || word === 'no') return [test({ op: 'exists', value: false })];
  return { problem: because('needs `true` or `false`', 'demande `true` ou `false`') };
};

const fieldref: Apply = (draft) => {
  if (draft.kind !== 'text') return { problem: because('needs a field name', 'demande un nom de champ') };
  const field = plainText(draft.pattern);
  if (field === undefined) return { problem: HAS_WILDCARDS };
  if (field === '') return { problem: because('needs a field name', 'demande un nom de champ') };
  return [test({ op: 'fieldref', field, mode: 'equals', cased: draft.cased })];
};

const cased: Apply = (draft) => {
  if (draft.kind === 'test' && draft.test.op === 'fieldref') return [test({ ...draft.test, cased: true })];
  const text = asText(draft);
  return text === undefined ? { problem: NOT_TEXT } : [{ ...text, cased: true }];
};

const windash: Apply = onText((text) => {
  const patterns = windashVariants(text.pattern);
  if (patterns !== undefined) return patterns.map((pattern) => ({ ...text, pattern, touched: true }));
  return { problem: because('too many dashes', 'trop de tirets') };
});

const expand: Apply = (draft, { placeholders }) => {
  if (draft.kind !== 'text') return [draft];
  return expandPlaceholders(draft, placeholders);
};

/** Name → what it does to one value. */
export const MODIFIERS: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['contains', around('contains')],
  ['startswith', around('startswith')],
  ['endswith', around('endswith')],
  ['exists', exists],
  ['cased', cased],
  ['windash', windash],
  ['re', re],
  ['i', regexFlag('i')],
  ['m', regexFlag('m')],
  ['s', regexFlag('s')],
  ['base64', encoded((plain, isBytes) => [toBase64(plain, isBytes)])],
  ['base64offset', encoded(toBase64Offsets)],
  ['wide', utf16('wide')],
  ['utf16le', utf16('utf16le')],
  ['utf16be', utf16('utf16be')],
  ['utf16', utf16('utf16')],
  ['lt', compare('lt')],
  ['lte', compare('lte')],
  ['gt', compare('gt')],
  ['gte', compare('gte')],
  ['minute', timePart('minute', 0, 59)],
  ['hour', timePart('hour', 0, 23)],
  ['day', timePart('day', 1, 31)],
  ['week', timePart('week', 1, 53)],
  ['month', timePart('month', 1, 12)],
  ['year', timePart('year', 1, 9999)],
  ['cidr', cidr],
  ['expand', expand],
  ['fieldref', fieldref],
]);
