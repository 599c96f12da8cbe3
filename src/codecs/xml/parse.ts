/**
 * Parses the text of one XML element into a tree. Safe by construction: there is no DTD (a document type is skipped, no
 * entity is ever defined by one), nothing is fetched, nesting is limited, and one pass from left to right does it
 * all. Not a validator: it stops at the first thing that is not well-formed and gives what it has.
 */
import type { EventElement } from '../windows-event/element.ts';

export interface XmlElement extends EventElement<string> {
  readonly attributes: [name: string, value: string][];
  readonly children: XmlElement[];
  readonly text: string[];
}

export interface ParsedXml {
  /** The first element; undefined when there is none. Unfinished when there is a fault. */
  readonly root: XmlElement | undefined;
  readonly fault: string | undefined;
  /** Characters from the start of the text to the fault. */
  readonly faultAt: number;
}

interface Parser {
  readonly text: string;
  readonly maxDepth: number;
  at: number;
  readonly open: XmlElement[];
  root: XmlElement | undefined;
  fault: string | undefined;
}

const NAME = /[A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*/y;
const ATTRIBUTE = /\s+([A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;

/**
 * @example parseXml('<a b="1">x &amp; y</a>', 64).root // { name: 'a', attributes: [['b', '1']], text: ['x & y'], … }
 */
export function parseXml(text: string, maxDepth: number): ParsedXml {
  const parser: Parser = { text, maxDepth, at: 0, open: [], root: undefined, fault: undefined };
  while (parser.fault === undefined && !isDone(parser)) step(parser);
  return { root: parser.root, fault: parser.fault, faultAt: parser.at };
}

function isDone(parser: Parser): boolean {
  if (parser.root !== undefined && parser.open.length === 0) return true;
  if (parser.at < parser.text.length) return false;
  parser.fault = parser.root === undefined ? 'no element' : 'cut short';
  return true;
}

function step(parser: Parser): void {
  const { text, at } = parser;
  const next = text.indexOf('<', at);
  const end = next === -1 ? text.length : next;
  if (end > at) addText(parser, decodeEntities(text.slice(at, end)));
  parser.at = end;
  if (next === -1) return;
  const code = text.charCodeAt(next + 1);
  if (code === 0x2f) closeElement(parser);
  else if (code === 0x21) readDeclaration(parser);
  else if (code === 0x3f) skipTo(parser, '?>');
  else openElement(parser);
}

function addText(parser: Parser, text: string): void {
  parser.open.at(-1)?.text.push(text);
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function openElement(parser: Parser): void {
  const { text } = parser;
  const name = match(NAME, text, parser.at + 1);
  if (name === null) return fail(parser, 'stray <');
  const element: XmlElement = { name: name[0], attributes: [], children: [], text: [] };
  let at = NAME.lastIndex;
  for (let found = match(ATTRIBUTE, text, at); found !== null; found = match(ATTRIBUTE, text, at)) {
    element.attributes.push([found[1] as string, decodeEntities(found[2] ?? found[3] ?? '')]);
    at = ATTRIBUTE.lastIndex;
  }
  const end = match(TAG_END, text, at);
  if (end === null) return fail(parser, `bad attribute in <${name[0].slice(0, 40)}>`);
  if (parser.open.length >= parser.maxDepth) return fail(parser, 'nested too deeply');
  const parent = parser.open.at(-1);
  if (parent === undefined) parser.root = element;
  else parent.children.push(element);
  if (end[1] === '') parser.open.push(element);
  parser.at = TAG_END.lastIndex;
}

function closeElement(parser: Parser): void {
  const element = parser.open.at(-1);
  const { text, at } = parser;
  const end = text.indexOf('>', at);
  const name = end === -1 ? undefined : text.slice(at + 2, end).trimEnd();
  if (element === undefined || name !== element.name) {
    return fail(
      parser,
      element === undefined ? 'stray end tag' : `<${element.name.slice(0, 40)}> is not closed`,
    );
  }
  parser.open.pop();
  parser.at = end + 1;
}

/** A comment, a CDATA section, or a document type, which is skipped without being read. */
function readDeclaration(parser: Parser): void {
  const { text, at } = parser;
  if (text.startsWith('<!--', at)) return skipTo(parser, '-->');
  if (text.startsWith('<![CDATA[', at)) {
    const end = text.indexOf(']]>', at + 9);
    if (end === -1) return fail(parser, 'CDATA is not closed');
    addText(parser, text.slice(at + 9, end));
    parser.at = end + 3;
    return;
  }
  const subset = text.indexOf('[', at);
  const close = text.indexOf('>', at);
  skipTo(parser, subset !== -1 && subset < close ? ']>' : '>');
}

function skipTo(parser: Parser, mark: string): void {
  const end = parser.text.indexOf(mark, parser.at + 2);
  if (end === -1) fail(parser, `${mark} is missing`);
  else parser.at = end + mark.length;
}

function fail(parser: Parser, fault: string): void {
  parser.fault = fault;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Entities of XML and character references; any other `&name;` stays as written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{1,32}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(name as string) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
}
