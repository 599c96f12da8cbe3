/**
 * Parses the text of one XML document (XML 1.0, https://www.w3.org/TR/xml/) into a tree of elements.
 *
 * Made for logs, so safe and forgiving rather than conformant. Safe: nothing outside the text is ever read, a document
 * type declaration is stepped over without being read, and the only entities replaced are the five of XML and
 * character numbers; any other stays as written. Depth and number of nodes are limited. Forgiving: damage is noted
 * (the first one, with its place) and what can be read is kept, so that an event that was cut short still has its
 * header. Line ends inside text stay as they are: a Windows event holds them as they were logged. Time is linear in
 * the length of the text. Namespaces are not resolved here.
 */

export interface XmlElement {
  /** As written, prefix included. */
  readonly name: string;
  readonly attributes: (readonly [name: string, value: string])[];
  readonly children: XmlElement[];
  /** The pieces of text directly inside; blank ones are left out where there are children. */
  readonly text: string[];
  /** Written as `<a/>`. */
  readonly isEmptyTag: boolean;
}

/** `deep` and `large` stop the reading, as does `cut`; after the others it goes on. */
export type XmlFault = 'cut' | 'markup' | 'mismatch' | 'outside' | 'deep' | 'large';

export interface XmlOutcome {
  /** Undefined when there is no element. What was read, when there is a fault. */
  readonly root: XmlElement | undefined;
  readonly isClosed: boolean;
  readonly fault: XmlFault | undefined;
  /** Where in the text the fault is, in characters. */
  readonly faultAt: number;
  readonly hasTypeDeclaration: boolean;
}

export interface XmlLimits {
  readonly maxDepth: number;
  /** Where in the text the document begins; default: at its start. */
  readonly from?: number;
}

/** Elements, attributes and pieces of text of one document. */
export const MOST_NODES = 200_000;

/** Where blanks may be of more than ASCII, these read; all else is read unit by unit, which is faster. */
const ATTRIBUTE = /\s*([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const START_TAG_END = /\s*(\/?)>/y;
const END_TAG = /([^\s<>/]*)\s*>/y;

interface State {
  readonly text: string;
  readonly maxDepth: number;
  readonly stack: XmlElement[];
  root: XmlElement | undefined;
  at: number;
  nodes: number;
  fault: XmlFault | undefined;
  faultAt: number;
  isStopped: boolean;
  hasTypeDeclaration: boolean;
}

/** @example parseXml('<a b="1">x</a>', { maxDepth: 64 }).root // { name: 'a', attributes: [['b', '1']], text: ['x'], … } */
export function parseXml(text: string, limits: XmlLimits): XmlOutcome {
  const { from = 0 } = limits;
  const state: State = {
    text,
    maxDepth: limits.maxDepth,
    stack: [],
    root: undefined,
    at: text.charCodeAt(from) === 0xfeff ? from + 1 : from,
    nodes: 0,
    fault: undefined,
    faultAt: -1,
    isStopped: false,
    hasTypeDeclaration: false,
  };
  while (state.at < text.length && !state.isStopped) step(state);
  if (!state.isStopped && (state.stack.length > 0 || state.root === undefined))
    stop(state, 'cut', text.length);
  return {
    root: state.root,
    isClosed: state.root !== undefined && state.stack.length === 0,
    fault: state.fault,
    faultAt: state.faultAt,
    hasTypeDeclaration: state.hasTypeDeclaration,
  };
}

function note(state: State, fault: XmlFault, at: number): void {
  if (state.fault !== undefined) return;
  state.fault = fault;
  state.faultAt = at;
}

/** What stops the reading matters more than what was met before it. */
function stop(state: State, fault: XmlFault, at: number): void {
  if (fault !== 'cut') state.fault = undefined;
  note(state, fault, at);
  state.isStopped = true;
}

/** Text up to the next markup, then that markup. */
function step(state: State): void {
  const { text } = state;
  const open = text.indexOf('<', state.at);
  const end = open === -1 ? text.length : open;
  if (end > state.at) addText(state, state.at, end, true);
  state.at = end;
  if (open !== -1) readMarkup(state, open);
}

function readMarkup(state: State, open: number): void {
  const next = state.text.charCodeAt(open + 1);
  if (next === 0x2f) readEndTag(state, open);
  else if (next === 0x21) readDeclaration(state, open);
  else if (next === 0x3f) skipPast(state, '?>', open + 2);
  else readStartTag(state, open);
}

function addText(state: State, start: number, end: number, hasEntities: boolean): void {
  const piece = state.text.slice(start, end);
  const parent = state.stack[state.stack.length - 1];
  if (parent !== undefined) {
    if (parent.children.length > 0 && piece.trim() === '') return;
    parent.text.push(hasEntities ? decodeEntities(piece) : piece);
    countNode(state);
  } else if (!isBlank(piece)) note(state, 'outside', start);
}

/** Zero bytes are what a crash leaves behind. */
function isBlank(piece: string): boolean {
  return piece.trim() === '' || piece.replaceAll('\0', '').trim() === '';
}

/** Says where the text after `mark` begins, and goes there; -1 and the end when it is not there. */
function skipPast(state: State, mark: string, from: number): number {
  const found = state.text.indexOf(mark, from);
  if (found === -1) {
    stop(state, 'cut', state.text.length);
    return -1;
  }
  state.at = found + mark.length;
  return state.at;
}

function readDeclaration(state: State, open: number): void {
  const { text } = state;
  if (text.startsWith('<!--', open)) skipPast(state, '-->', open + 4);
  else if (text.startsWith('<![CDATA[', open)) {
    if (skipPast(state, ']]>', open + 9) !== -1) addText(state, open + 9, state.at - 3, false);
    else addText(state, open + 9, text.length, false);
  } else if (text.startsWith('<!DOCTYPE', open) && state.root === undefined) {
    state.hasTypeDeclaration = true;
    const end = endOfTypeDeclaration(text, open + 9);
    if (end === -1) stop(state, 'cut', text.length);
    else state.at = end;
  } else keepAsText(state, open);
}

const IN_DECLARATION = /["'[\]>]|<!--/g;

/** After the `>` that ends a document type declaration; -1 when it does not end. */
function endOfTypeDeclaration(text: string, from: number): number {
  const marks = new RegExp(IN_DECLARATION);
  marks.lastIndex = from;
  let depth = 0;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const [mark] = match;
    if (mark === '>' && depth === 0) return match.index + 1;
    if (mark === '[') depth += 1;
    else if (mark === ']') depth -= 1;
    else if (mark !== '>') {
      const close = mark === '<!--' ? '-->' : mark;
      const end = text.indexOf(close, match.index + mark.length);
      if (end === -1) return -1;
      marks.lastIndex = end + close.length;
    }
  }
  return -1;
}

/** A `<` that begins no markup. */
function keepAsText(state: State, open: number): void {
  note(state, 'markup', open);
  addText(state, open, open + 1, false);
  state.at = open + 1;
}

function readStartTag(state: State, open: number): void {
  const { text } = state;
  const nameEnd = endOfName(text, open + 1);
  if (nameEnd === open + 1) {
    keepAsText(state, open);
    return;
  }
  const name = text.slice(open + 1, nameEnd);
  if (state.root !== undefined && state.stack.length === 0) {
    note(state, 'outside', open);
    state.isStopped = true;
    return;
  }
  state.at = open + 1 + name.length;
  const attributes = readAttributes(state);
  const end = endOfStartTag(text, state.at);
  if (end !== -1) {
    state.at = end;
    const isEmptyTag = text.charCodeAt(end - 2) === SLASH;
    addElement(state, { name, attributes, children: [], text: [], isEmptyTag });
  } else {
    skipBrokenTag(state, { name, attributes, children: [], text: [], isEmptyTag: false });
  }
}

function readAttributes(state: State): XmlElement['attributes'] {
  const attributes: XmlElement['attributes'] = [];
  while (!state.isStopped) {
    const next = state.text.charCodeAt(skipBlanks(state.text, state.at));
    if (next === 0x3e || next === SLASH) break;
    if (readPlainAttribute(state, attributes)) continue;
    ATTRIBUTE.lastIndex = state.at;
    const match = ATTRIBUTE.exec(state.text);
    if (match === null) break;
    state.at = ATTRIBUTE.lastIndex;
    attributes.push([match[1] ?? '', decodeEntities(match[2] ?? match[3] ?? '')]);
    countNode(state);
  }
  return attributes;
}

/** An attribute with no blanks but ASCII around its name; false, and nothing done, when this is none. */
function readPlainAttribute(state: State, attributes: XmlElement['attributes']): boolean {
  const { text } = state;
  const from = skipBlanks(text, state.at);
  let end = from;
  while (UNITS[text.charCodeAt(end)] === IN_NAME) end += 1;
  if (end === from) return false;
  const equals = skipBlanks(text, end);
  if (text.charCodeAt(equals) !== 0x3d) return false;
  const open = skipBlanks(text, equals + 1);
  const quote = text.charCodeAt(open);
  if (quote !== 0x22 && quote !== 0x27) return false;
  const close = text.indexOf(quote === 0x22 ? '"' : "'", open + 1);
  if (close === -1) return false;
  const value = text.slice(open + 1, close);
  if (value.includes('<')) return false;
  state.at = close + 1;
  attributes.push([text.slice(from, end), decodeEntities(value)]);
  countNode(state);
  return true;
}

const SLASH = 0x2f;
const BLANK = 1;
const IN_NAME = 2;
/** What a unit of ASCII is in a tag: a blank, part of an attribute's name, or neither. */
const UNITS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) return BLANK;
  return '=<>"\'/'.includes(String.fromCharCode(code)) ? 0 : IN_NAME;
});

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (UNITS[text.charCodeAt(at)] === BLANK) at += 1;
  return at;
}

/** The end of the name at `from`: letters, `_`, `:` and all beyond ASCII, then digits, `.` and `-` too. */
function endOfName(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code > 0x7f;
    if (isLetter || code === 0x3a || code === 0x5f) continue;
    const isInner = (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e;
    if (!isInner || at === from) break;
  }
  return at;
}

/** After the `>` or `/>` that ends a start tag; -1 when something else stands there. */
function endOfStartTag(text: string, from: number): number {
  const at = skipBlanks(text, from);
  const code = text.charCodeAt(at);
  if (code === 0x3e) return at + 1;
  if (code === SLASH && text.charCodeAt(at + 1) === 0x3e) return at + 2;
  if (!(code > 0x7f)) return -1;
  START_TAG_END.lastIndex = from;
  return START_TAG_END.test(text) ? START_TAG_END.lastIndex : -1;
}

/** The rest of the tag makes no sense: it is passed over up to its `>`, or to the next `<`. */
function skipBrokenTag(state: State, element: XmlElement): void {
  const end = skipToTagEnd(state, state.at);
  addElement(state, state.text[end - 1] === '/' ? { ...element, isEmptyTag: true } : element);
}

/** Goes past the next `>`, or to the next `<`, and says where that is. */
function skipToTagEnd(state: State, from: number): number {
  const { text } = state;
  let end = from;
  while (end < text.length && text[end] !== '<' && text[end] !== '>') end += 1;
  if (end === text.length) stop(state, 'cut', end);
  else note(state, 'markup', from);
  state.at = text[end] === '>' ? end + 1 : end;
  return end;
}

function countNode(state: State): void {
  state.nodes += 1;
  if (state.nodes > MOST_NODES) stop(state, 'large', state.at);
}

function addElement(state: State, element: XmlElement): void {
  const parent = state.stack[state.stack.length - 1];
  if (state.stack.length >= state.maxDepth) {
    stop(state, 'deep', state.at);
    return;
  }
  countNode(state);
  state.root ??= element;
  if (parent !== undefined) {
    if (parent.children.length === 0) dropBlankText(parent.text);
    parent.children.push(element);
  }
  if (!element.isEmptyTag) state.stack.push(element);
}

function dropBlankText(pieces: string[]): void {
  if (pieces.every((piece) => piece.trim() === '')) pieces.length = 0;
}

/** An end tag closes what is open inside its element; one that closes nothing is passed over. */
function readEndTag(state: State, open: number): void {
  const { stack } = state;
  const top = stack[stack.length - 1];
  if (top !== undefined && closesAtOnce(state.text, open + 2, top.name)) {
    state.at = open + 3 + top.name.length;
    stack.pop();
    return;
  }
  END_TAG.lastIndex = open + 2;
  const match = END_TAG.exec(state.text);
  if (match === null) {
    skipToTagEnd(state, open + 2);
    return;
  }
  state.at = END_TAG.lastIndex;
  if (top?.name === match[1]) {
    stack.pop();
    return;
  }
  note(state, 'mismatch', open);
  const opener = stack.findLastIndex((element) => element.name === match[1]);
  if (opener !== -1) stack.length = opener;
}

/** Whether the name of ASCII stands at `at` and a `>` right behind it. */
function closesAtOnce(text: string, at: number, name: string): boolean {
  const end = at + name.length;
  if (text.charCodeAt(end) !== 0x3e || !text.startsWith(name, at)) return false;
  for (let index = at; index < end; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @example decodeEntities('a &lt; b &#233; &nbsp;') // 'a < b é &nbsp;' */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (whole: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
