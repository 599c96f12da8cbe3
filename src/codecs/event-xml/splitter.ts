/**
 * Finds the XML documents in a stream of code units without parsing them: one after the other, on lines of their own
 * or not, pretty-printed or not, and the members of a wrapper (`<Events><Event>…</Event>…</Events>`).
 *
 * A scanner that knows where markup, quotes, comments and CDATA sections begin and end, and no more grammar. A document
 * ends with the end tag of its root (counted, should an element of that name be inside). A wrapper is a root whose name
 * is the plural of its first child's; it is let go and its members are the documents. A document that never ends is
 * given up where another one plainly begins: a start tag of the same name at the start of a line, no deeper indented,
 * or anywhere for the names that are never nested. At most one document is held; a longer one than allowed is passed
 * over. Whether a document is well formed is the parser's business.
 *
 * Works on bytes of UTF-8 or on units of UTF-16 alike: all marks are ASCII.
 */
import { isNameStart, isWrapper, STRONG } from './names.ts';
import { createWindow, type Units } from './window.ts';

export type { Units } from './window.ts';

export interface Position {
  /** In bytes. */
  readonly offset: number;
  readonly line: number;
}

export interface XmlDocumentSink {
  /** `units` is one document, or what was read of one. Valid only during the call. */
  document(units: Units, at: Position): void;
  /** A line between documents, or what is left of it. */
  stray(units: Units, at: Position): void;
  /** A document type declaration was stepped over. */
  typeDeclaration(at: Position): void;
  tooLong(at: Position): void;
}

export interface XmlSplitterOptions {
  readonly baseOffset: number;
  readonly baseLine: number;
  /** Bytes of one unit. */
  readonly width: 1 | 2;
  readonly maxRecordBytes: number;
}

export interface XmlSplitter {
  push(units: Units): void;
  end(): void;
}

const LF = 0x0a;
const BANG = 0x21;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const MINUS = 0x2d;
const SLASH = 0x2f;
const OPEN = 0x3c;
const CLOSE = 0x3e;
const QUESTION = 0x3f;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Where the scanner stands. From COMMENT on: in what only its own mark ends. */
const TEXT = 0;
const OPENED = 1;
const NAME = 2;
const TAG = 3;
const VALUE = 4;
const DECLARATION = 5;
const COMMENT = 6;
const CDATA = 7;
const TYPE = 8;
const INSTRUCTION = 9;
const TYPE_COMMENT = 10;

const DECLARATIONS: readonly string[] = ['--', '[CDATA[', 'DOCTYPE'];

const LONGEST_NAME = 256;
type Kind = 'none' | 'document' | 'stray';

interface Tag {
  readonly at: number;
  readonly line: number;
  readonly column: number;
  readonly isLineStart: boolean;
}

/** Places are counted in units from the beginning of the input, whatever the chunks. */
export function createXmlSplitter(options: XmlSplitterOptions, sink: XmlDocumentSink): XmlSplitter {
  const { width } = options;
  const limit = Math.max(1, Math.floor(options.maxRecordBytes / width));
  const window = createWindow(width);
  let state = TEXT;
  /** What is being read: nothing, a document, or a line of stray text. It starts at `from`. */
  let kind: Kind = 'none';
  let from = 0;
  let start: Position = { offset: 0, line: 0 };
  let startColumn = 0;
  let isTooLong = false;
  /** Where something has become too long. */
  let deadline = Number.POSITIVE_INFINITY;

  let root = '';
  /** Open elements with the root's name. */
  let open = 0;
  /** Nothing but a start tag was read: the next one may show that it was a wrapper's. */
  let mayWrap = false;

  /** The markup being read. */
  let tag: Tag = { at: 0, line: 0, column: 0, isLineStart: true };
  let name = '';
  let isEndTag = false;
  let quote = 0;
  let last = 0;
  let beforeLast = 0;
  let brackets = 0;

  let line = options.baseLine;
  let column = 0;
  let isLineStart = true;

  function positionOf(place: { at: number; line: number }): Position {
    return { offset: options.baseOffset + place.at * width, line: place.line };
  }

  function begin(next: Kind, place: { at: number; line: number; column: number }): void {
    kind = next;
    from = place.at;
    start = positionOf(place);
    startColumn = place.column;
    isTooLong = false;
    deadline = from + limit;
  }

  /** Gives what was read up to `to`. */
  function finish(to: number): void {
    if (kind !== 'none' && (isTooLong || to - from > limit)) sink.tooLong(start);
    else if (kind !== 'none') sink[kind](window.slice(from, to), start);
    kind = 'none';
    deadline = Number.POSITIVE_INFINITY;
  }

  function beginDocument(): void {
    begin('document', tag);
    root = name;
    open = 1;
    mayWrap = true;
  }

  /** The name of a tag is complete: does it begin a document, or stand in one? */
  function named(): void {
    if (kind === 'document') namedInside();
    else if (!isEndTag) beginDocument();
  }

  function namedInside(): void {
    if (isEndTag) {
      mayWrap = false;
      if (name === root) open -= 1;
    } else if (mayWrap && isWrapper(root, name)) {
      beginDocument();
    } else if (isNextDocument()) {
      finish(tag.at);
      beginDocument();
    } else {
      mayWrap = false;
      if (name === root) open += 1;
    }
  }

  function isNextDocument(): boolean {
    const isSame = name === root;
    const isStrong = STRONG.test(name);
    if (isSame && isStrong) return true;
    return (isSame || isStrong) && tag.isLineStart && tag.column <= startColumn;
  }

  function closeTag(at: number): void {
    state = TEXT;
    if (kind !== 'document') return;
    if (last === SLASH && !isEndTag && name === root) open -= 1;
    if (open <= 0) finish(at + 1);
  }

  function inText(code: number, at: number): void {
    if (code === OPEN) openMarkup(at);
    else if (code > 0x20 && kind !== 'stray') {
      if (kind === 'none') begin('stray', { at, line, column });
      mayWrap = false;
    }
  }

  function openMarkup(at: number): void {
    state = OPENED;
    tag = { at, line, column, isLineStart };
    isEndTag = false;
    name = '';
    last = 0;
  }

  /** What follows `<` or `</`. */
  function opened(code: number, at: number): void {
    const isName = isNameStart(code);
    if (code === SLASH && !isEndTag) isEndTag = true;
    else if (isName || (!isEndTag && (code === BANG || code === QUESTION))) {
      if (kind === 'stray') finish(tag.at);
      state = isName ? NAME : code === BANG ? DECLARATION : INSTRUCTION;
      if (isName) name = String.fromCharCode(code);
      else if (code === QUESTION) openSection(at);
    } else {
      noMarkup();
      inText(code, at);
    }
  }

  /** The `<` is text. */
  function noMarkup(): void {
    state = TEXT;
    if (kind === 'none') begin('stray', tag);
  }

  function inName(code: number, at: number): void {
    const isMore = code > 0x20 && code !== CLOSE && code !== SLASH && code !== OPEN;
    if (isMore && name.length < LONGEST_NAME) {
      name += String.fromCharCode(code);
      return;
    }
    named();
    state = TAG;
    inTag(code, at);
  }

  function inTag(code: number, at: number): void {
    if (code === CLOSE) closeTag(at);
    else if (code === OPEN) openMarkup(at);
    else if (code === QUOTE || code === APOSTROPHE) {
      state = VALUE;
      quote = code;
    } else last = code;
  }

  function inValue(code: number, at: number): void {
    if (code === OPEN) openMarkup(at);
    else if (code === quote) {
      state = TAG;
      last = code;
    }
  }

  /** `<!` so far: a comment, a CDATA section, a type declaration, or no markup. */
  function inDeclaration(code: number, at: number): void {
    name += String.fromCharCode(code);
    if (name === '--') state = COMMENT;
    else if (name === '[CDATA[' && kind === 'document') {
      state = CDATA;
      mayWrap = false;
    } else if (name === 'DOCTYPE' && kind !== 'document') {
      state = TYPE;
      sink.typeDeclaration(positionOf(tag));
    } else if (!DECLARATIONS.some((each) => each.startsWith(name) && each !== name)) {
      noMarkup();
      inText(code, at);
      return;
    } else return;
    openSection(at);
  }

  function openSection(at: number): void {
    last = 0;
    beforeLast = 0;
    brackets = 0;
    quote = 0;
    if (kind === 'none' || isTooLong) deadline = at + limit;
  }

  function endSection(): void {
    state = TEXT;
    if (kind === 'none' || isTooLong) deadline = Number.POSITIVE_INFINITY;
  }

  /** Up to `mark mark >`. */
  function inSection(code: number, mark: number): void {
    if (code === CLOSE && last === mark && beforeLast === mark) endSection();
    beforeLast = last;
    last = code;
  }

  /** Quotes, brackets and comments of the declaration are minded, its content is not. */
  function inType(code: number): void {
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === QUOTE || code === APOSTROPHE) quote = code;
    else if (code === OPEN_BRACKET) brackets += 1;
    else if (code === CLOSE_BRACKET) brackets -= 1;
    else if (code === CLOSE && brackets <= 0) endSection();
    else if (code === MINUS && last === MINUS && beforeLast === BANG) state = TYPE_COMMENT;
    beforeLast = last;
    last = code;
  }

  function inTypeComment(code: number): void {
    if (code === CLOSE && last === MINUS && beforeLast === MINUS) state = TYPE;
    beforeLast = last;
    last = code;
  }

  function inInstruction(code: number): void {
    if (code === CLOSE && last === QUESTION) endSection();
    last = code;
  }

  /** What never ends must not swallow the rest of the input. */
  function giveUp(): void {
    deadline = Number.POSITIVE_INFINITY;
    if (kind === 'none') sink.tooLong(positionOf(tag));
    else isTooLong = true;
    if (state >= COMMENT) state = TEXT;
  }

  function step(code: number, at: number): void {
    if (state === TEXT) inText(code, at);
    else if (state === TAG) inTag(code, at);
    else if (state === VALUE) inValue(code, at);
    else if (state === NAME) inName(code, at);
    else stepMarkup(code, at);
    if (at >= deadline) giveUp();
    if (code === LF) newLine(at);
    else {
      column += 1;
      if (code > 0x20) isLineStart = false;
    }
  }

  /**
   * Passes over what changes nothing, at several times the speed of `step`: text inside a document, the inside of tags
   * and values. Never past a line end, nor past the place where something becomes too long.
   */
  function skipOrdinary(units: Units, index: number, first: number): number {
    const isText = state === TEXT && kind === 'document';
    if (!isText && state !== TAG && state !== VALUE) return index;
    const end = Math.min(units.length, deadline - first);
    const mark = state === VALUE ? quote : isText ? OPEN : CLOSE;
    const isTag = state === TAG;
    let at = index;
    let highest = 0;
    for (; at < end; at += 1) {
      const code = units[at] as number;
      if (code === mark || code === OPEN || code === LF) break;
      if (isTag && (code === QUOTE || code === APOSTROPHE)) break;
      if (code > highest) highest = code;
    }
    if (at <= index) return index;
    column += at - index;
    if (highest > 0x20) isLineStart = false;
    if (isTag) last = units[at - 1] as number;
    else if (isText && highest > 0x20) mayWrap = false;
    return at;
  }

  function stepMarkup(code: number, at: number): void {
    if (state === OPENED) opened(code, at);
    else if (state === COMMENT) inSection(code, MINUS);
    else if (state === CDATA) inSection(code, CLOSE_BRACKET);
    else if (state === DECLARATION) inDeclaration(code, at);
    else if (state === TYPE) inType(code);
    else if (state === TYPE_COMMENT) inTypeComment(code);
    else inInstruction(code);
  }

  function newLine(at: number): void {
    if (kind === 'stray' && state === TEXT) finish(at);
    line += 1;
    column = 0;
    isLineStart = true;
  }

  /** The first unit that is still needed. */
  function neededFrom(end: number): number {
    const isTagOpen = state === OPENED || state === NAME || state === DECLARATION;
    const byTag = isTagOpen ? tag.at : end;
    return kind !== 'none' && !isTooLong ? Math.min(from, byTag) : byTag;
  }

  return {
    push(units) {
      const end = window.add(units);
      const first = end - units.length;
      for (let index = 0; index < units.length; index += 1) {
        index = skipOrdinary(units, index, first);
        if (index < units.length) step(units[index] as number, first + index);
      }
      window.keep(neededFrom(end));
    },
    end() {
      finish(window.add(new Uint8Array(0)));
    },
  };
}
