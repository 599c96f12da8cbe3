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

export type Units = Uint8Array | Uint16Array;

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

/** Where the scanner stands. */
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

const LONGEST_NAME = 256;
/** Names of records that never hold one of their own kind. */
const STRONG = /^(?:[\w.-]+:)?(?:Event|AuditMessage)$/;

type Kind = 'none' | 'document' | 'stray' | 'prolog';

export function createXmlSplitter(options: XmlSplitterOptions, sink: XmlDocumentSink): XmlSplitter {
  const { width } = options;
  const limit = Math.floor(options.maxRecordBytes / width);
  let state = TEXT;
  /** What is being held: nothing, a document, a line of stray text, or markup between documents. */
  let kind: Kind = 'none';
  let root = '';
  /** Open elements with the root's name. */
  let open = 0;
  let mayWrap = false;
  let quote = 0;
  let name = '';
  let isEndTag = false;
  let last = 0;
  let beforeLast = 0;
  let brackets = 0;

  let position = options.baseOffset;
  let line = options.baseLine;
  let column = 0;
  let isLineStart = true;
  let start: Position = { offset: 0, line };
  let startColumn = 0;
  /** Where the tag being read began; it may turn out to be the first of a document. */
  let tag: { at: number; line: number; column: number; isLineStart: boolean } = noTag(line);

  /** Earlier chunks' part of what is held; `from` is where it goes on in this chunk. */
  let held: Units[] = [];
  let heldUnits = 0;
  let isTooLong = false;
  let chunk: Units = new Uint8Array(0);
  let from = 0;

  function begin(next: Kind, at: number, lineNumber: number, columnNumber: number): void {
    kind = next;
    from = at;
    start = { offset: position + at * width, line: lineNumber };
    startColumn = columnNumber;
    held = [];
    heldUnits = 0;
    isTooLong = false;
  }

  /** Gives what is held up to `to`. */
  function finish(to: number): void {
    const given = kind;
    kind = 'none';
    if (given === 'none') return;
    if (isTooLong || heldUnits + to - from > limit) sink.tooLong(start);
    else if (given !== 'prolog') sink[given](joined(to), start);
    held = [];
    heldUnits = 0;
  }

  /** Negative `to` is a place in what earlier chunks held. */
  function joined(to: number): Units {
    if (held.length === 0) return chunk.subarray(from, to);
    const all = width === 1 ? new Uint8Array(heldUnits + to - from) : new Uint16Array(heldUnits + to - from);
    let at = 0;
    for (const piece of [...held, chunk.subarray(from, Math.max(to, 0))]) {
      all.set(piece.subarray(0, all.length - at), at);
      at += piece.length;
    }
    return all;
  }

  /** A tag that began in an earlier chunk is copied out of what was held since. */
  function tailFrom(at: number): Units[] {
    let skip = heldUnits + at;
    const tail: Units[] = [];
    for (const piece of held) {
      if (skip < piece.length) tail.push(piece.slice(Math.max(skip, 0)));
      skip -= piece.length;
    }
    return tail;
  }

  /** The document begins with the tag being read; what was held before it is given, or let go. */
  function beginAtTag(isGiven: boolean): void {
    const { at } = tag;
    const tail = at < 0 && !isTooLong ? tailFrom(at) : [];
    const wasTooLong = isTooLong;
    if (isGiven) finish(at);
    begin('document', at, tag.line, tag.column);
    if (at >= 0) return;
    held = tail;
    heldUnits = -at;
    from = 0;
    // Of a name that lies in bytes no longer held only the rest could be given.
    isTooLong = wasTooLong;
  }

  /** The name of a tag is complete: is it the start of a document, of a member, or the end of one? */
  function named(): void {
    if (kind === 'document') inDocument();
    else if (!isEndTag) {
      beginAtTag(true);
      openRoot();
    } else if (kind === 'none') begin('prolog', Math.max(tag.at, 0), tag.line, tag.column);
  }

  function openRoot(): void {
    root = name;
    open = 1;
    mayWrap = true;
  }

  function inDocument(): void {
    if (isEndTag) {
      mayWrap = false;
      if (name === root) open -= 1;
      return;
    }
    if (mayWrap && isPlural(root, name)) {
      beginAtTag(false);
      openRoot();
      return;
    }
    mayWrap = false;
    const isSame = name === root;
    const isStrong = STRONG.test(name);
    const isOutdented = tag.isLineStart && tag.column <= startColumn;
    if ((isSame && isStrong) || ((isSame || isStrong) && isOutdented)) {
      beginAtTag(true);
      openRoot();
    } else if (isSame) open += 1;
  }

  function closeTag(at: number): void {
    state = TEXT;
    if (kind === 'prolog') kind = 'none';
    if (kind !== 'document') return;
    if (last === SLASH && !isEndTag && name === root) open -= 1;
    if (open <= 0) finish(at + 1);
  }

  function text(code: number, at: number): void {
    if (code === OPEN) {
      openMarkup(at);
      return;
    }
    if (code <= 0x20 || isMark(code)) return;
    if (kind === 'none') begin('stray', at, line, column);
    else if (kind === 'document') mayWrap = false;
  }

  function openMarkup(at: number): void {
    state = OPENED;
    tag = { at, line, column, isLineStart };
    isEndTag = false;
    name = '';
    last = 0;
  }

  /** The unit after `<`. */
  function opened(code: number): void {
    if (code === SLASH && !isEndTag) isEndTag = true;
    else if (isNameStart(code)) {
      state = NAME;
      name = String.fromCharCode(code);
    } else if (isEndTag || (code !== BANG && code !== QUESTION)) notMarkup();
    else {
      state = code === BANG ? DECLARATION : INSTRUCTION;
      name = '';
      last = 0;
      if (kind === 'none') beginProlog();
    }
  }

  function beginProlog(): void {
    begin('prolog', Math.max(tag.at, 0), tag.line, tag.column);
  }

  /** A `<` in the text. */
  function notMarkup(): void {
    state = TEXT;
    if (kind === 'none') begin('stray', Math.max(tag.at, 0), tag.line, tag.column);
  }

  function inName(code: number, at: number): void {
    if (code > 0x20 && code !== CLOSE && code !== SLASH && code !== OPEN && name.length < LONGEST_NAME) {
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
    if (code === quote) {
      state = TAG;
      last = code;
    } else if (code === OPEN) openMarkup(at);
  }

  /** `<!` so far: a comment, a CDATA section, a type declaration, or nothing known. */
  function inDeclaration(code: number): void {
    name += String.fromCharCode(code);
    last = 0;
    beforeLast = 0;
    if (name === '--') state = COMMENT;
    else if (name === '[CDATA[') {
      state = CDATA;
      if (kind === 'document') mayWrap = false;
    } else if (name === 'DOCTYPE') {
      state = TYPE;
      brackets = 0;
      quote = 0;
      if (kind !== 'document') sink.typeDeclaration({ offset: position + tag.at * width, line: tag.line });
    } else if (!'--'.startsWith(name) && !'[CDATA['.startsWith(name) && !'DOCTYPE'.startsWith(name)) {
      state = TEXT;
      if (kind === 'prolog') kind = 'stray';
    }
  }

  /** Waits for the three units that end a section. */
  function inSection(code: number, mark: number): void {
    if (code === CLOSE && last === mark && beforeLast === mark) endSection();
    beforeLast = last;
    last = code;
  }

  function endSection(): void {
    state = TEXT;
    if (kind === 'prolog') kind = 'none';
  }

  /** Quotes and brackets of the declaration are minded, its content is not. */
  function inType(code: number): void {
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === QUOTE || code === APOSTROPHE) quote = code;
    else if (code === OPEN_BRACKET) brackets += 1;
    else if (code === CLOSE_BRACKET) brackets -= 1;
    else if (code === CLOSE && brackets <= 0) endSection();
  }

  function inInstruction(code: number): void {
    if (code === CLOSE && last === QUESTION) endSection();
    last = code;
  }

  function newLine(at: number): void {
    if (kind === 'stray') finish(at);
    line += 1;
    column = 0;
    isLineStart = true;
  }

  function step(code: number, at: number): void {
    if (state === TEXT) text(code, at);
    else if (state === TAG) inTag(code, at);
    else if (state === VALUE) inValue(code, at);
    else if (state === NAME) inName(code, at);
    else if (state === OPENED) opened(code);
    else if (state === COMMENT) inSection(code, MINUS);
    else if (state === CDATA) inSection(code, CLOSE_BRACKET);
    else if (state === DECLARATION) inDeclaration(code);
    else if (state === TYPE) inType(code);
    else inInstruction(code);
    if (code === LF) newLine(at);
    else {
      column += 1;
      if (code > 0x20) isLineStart = false;
    }
  }

  /** Keeps what the next chunk goes on with. */
  function hold(): void {
    tag = { ...tag, at: tag.at - chunk.length };
    if (kind === 'none') return;
    const more = chunk.length - from;
    heldUnits += more;
    if (!isTooLong && kind !== 'prolog' && heldUnits <= limit) held.push(chunk.slice(from));
    else if (heldUnits > limit) giveUp();
  }

  /** What was never closed must not swallow the rest of the input. */
  function giveUp(): void {
    isTooLong = true;
    held = [];
    if (state === COMMENT || state === CDATA || state === TYPE || state === INSTRUCTION) state = TEXT;
  }

  return {
    push(units) {
      chunk = units;
      from = 0;
      for (let at = 0; at < units.length; at += 1) step(units[at] as number, at);
      hold();
      position += units.length * width;
    },
    end() {
      chunk = new Uint8Array(0);
      from = 0;
      finish(0);
    },
  };
}
