/**
 * Reads the expectations of the corpus `parser_lines`: one line of Ruby each, often cut off in the middle of a hash.
 * What is whole is kept, as dotted names with their values; expectations without a name are left out.
 */

export type Expected = ReadonlyMap<string, readonly string[]>;

class Cut extends Error {}

/** @example expectationsOf(['include("source"=>{"ip"=>"192.0.2.1"})']) // 'source.ip' → ['192.0.2.1'] */
export function expectationsOf(lines: readonly string[]): Expected {
  const found = new Map<string, string[]>();
  for (const line of lines) {
    // Expectations that say themselves that they are not right.
    if (/#.*(bogus|incorrect)/i.test(line) || !line.trimStart().startsWith('include')) continue;
    const start = line.search(/["']/);
    if (start === -1) continue;
    const reader = { text: line, at: start };
    try {
      readPairs(reader, '', found);
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
    }
  }
  return found;
}

interface Reader {
  readonly text: string;
  at: number;
}

function readPairs(reader: Reader, prefix: string, found: Map<string, string[]>): void {
  for (;;) {
    const name = readString(reader);
    expectText(reader, '=>');
    readValue(reader, prefix === '' ? name : `${prefix}.${name}`, found);
    if (!take(reader, ',')) return;
  }
}

function readValue(reader: Reader, name: string, found: Map<string, string[]>): void {
  skipBlanks(reader);
  const next = reader.text[reader.at];
  if (next === '"' || next === "'") {
    note(found, name, readString(reader));
  } else if (take(reader, 'hash_including(')) {
    take(reader, '{');
    readPairs(reader, name, found);
    take(reader, '}');
    expectText(reader, ')');
  } else if (take(reader, '{')) {
    readPairs(reader, name, found);
    expectText(reader, '}');
  } else {
    const number = /^-?\d+(?:\.\d+)?(?![\w.])/.exec(reader.text.slice(reader.at))?.[0];
    if (number === undefined) throw new Cut();
    reader.at += number.length;
    note(found, name, number);
  }
}

function note(found: Map<string, string[]>, name: string, value: string): void {
  const values = found.get(name) ?? [];
  if (!values.includes(value)) values.push(value);
  found.set(name, values);
}

function readString(reader: Reader): string {
  skipBlanks(reader);
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/.exec(reader.text.slice(reader.at));
  if (quoted === null) throw new Cut();
  reader.at += quoted[0].length;
  return (quoted[1] ?? quoted[2] ?? '').replace(/\\(["'\\])/g, '$1');
}

function expectText(reader: Reader, text: string): void {
  if (!take(reader, text)) throw new Cut();
}

function take(reader: Reader, text: string): boolean {
  skipBlanks(reader);
  if (!reader.text.startsWith(text, reader.at)) return false;
  reader.at += text.length;
  return true;
}

function skipBlanks(reader: Reader): void {
  while (reader.text[reader.at] === ' ') reader.at++;
}
