/** Reads CSV (RFC 4180, and what spreadsheets make of it) with line numbers. Lenient about quotes; limits are the caller's. */

export interface CsvRecord {
  /** 1-based line on which it begins. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Semicolon, comma or tab: whichever the first line has most, outside quotes.
 * @example csvDelimiter('a;b;"c,d"') // ';'
 */
export function csvDelimiter(head: string): string {
  const line = (/^[^\n]*/.exec(head)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, count: line.split(mark).length }));
  return counts.reduce((best, item) => (item.count > best.count ? item : best)).mark;
}

/** Empty lines are passed over. */
export function* readCsv(text: string, delimiter: string): Generator<CsvRecord> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const startLine = line;
    const cells: string[] = [];
    for (;;) {
      const cell = readCell(text, at, delimiter);
      cells.push(cell.text);
      line += cell.lines;
      at = cell.end;
      if (text[at] !== delimiter) break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (cells.length > 1 || cells[0] !== '') yield { line: startLine, cells };
  }
}

interface Cell {
  readonly text: string;
  /** On the delimiter, the line ending or the end of the text. */
  readonly end: number;
  readonly lines: number;
}

/** A quoted cell longer than this is a quote that nobody closed: it may not swallow the lines after it. */
const MAX_QUOTED_CHARS = 16_384;

function readCell(text: string, at: number, delimiter: string): Cell {
  const quoted = text[at] === '"' ? readQuoted(text, at) : undefined;
  if (quoted === undefined) return readPlain(text, at, delimiter);
  const rest = readPlain(text, quoted.end, delimiter);
  return { ...rest, text: quoted.text + rest.text, lines: quoted.lines };
}

function readPlain(text: string, at: number, delimiter: string): Cell {
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end += 1;
  if (end > at && text[end] !== delimiter && text[end - 1] === '\r') end -= 1;
  return { text: text.slice(at, end), end, lines: 0 };
}

function readQuoted(text: string, at: number): Cell | undefined {
  let value = '';
  for (let from = at + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1 || quote - at > MAX_QUOTED_CHARS) return undefined;
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { text: value, end: quote + 1, lines: value.split('\n').length - 1 };
    value += '"';
    from = quote + 2;
  }
}
