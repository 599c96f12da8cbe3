/** LDIF (RFC 2849) into entries of attributes: folded lines, base64, comments. Values by URL are never fetched. */

/** Attribute names in lower case, without options (`;binary`). */
export interface DirectoryEntry {
  readonly line: number;
  readonly attributes: ReadonlyMap<string, readonly (string | Uint8Array)[]>;
}

export interface LdifLine {
  readonly line: number;
  readonly reason: string;
}

/** What is binary in a directory export, and what is too long to be of use here, is kept as bytes. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

export function looksLikeLdif(text: string): boolean {
  return /^(\s*(#[^\n]*)?\r?\n)*(version:\s*1|dn::?\s)/i.test(text.slice(0, 65_536));
}

/** A line that cannot be read is reported and left out; the entry goes on without it. `changetype` is not looked at. */
export function* readLdif(text: string): Generator<DirectoryEntry | LdifLine> {
  let attributes = new Map<string, (string | Uint8Array)[]>();
  let startLine = 0;
  for (const { line, content } of unfold(text)) {
    if (content === '') {
      if (attributes.has('dn')) yield { line: startLine, attributes };
      attributes = new Map();
      continue;
    }
    if (content.startsWith('#') || content === '-') continue;
    const parsed = parseAttribute(content);
    if (parsed === undefined) {
      yield { line, reason: 'LDIF' };
      continue;
    }
    // Some exports leave out the empty line between entries.
    if (parsed.name === 'dn' && attributes.has('dn')) {
      yield { line: startLine, attributes };
      attributes = new Map();
    }
    if (parsed.name === 'dn') startLine = line;
    attributes.set(parsed.name, [...(attributes.get(parsed.name) ?? []), parsed.value]);
  }
  if (attributes.has('dn')) yield { line: startLine, attributes };
}

/** A line that begins with one space continues the one before. An empty one ends the text. */
function* unfold(text: string): Generator<{ readonly line: number; readonly content: string }> {
  let pending: { line: number; parts: string[] } | undefined;
  let number = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const raw = text.slice(at, end).replace(/\r$/, '');
    at = end + 1;
    number += 1;
    if (raw.startsWith(' ') && pending !== undefined) {
      pending.parts.push(raw.slice(1));
      continue;
    }
    if (pending !== undefined) yield { line: pending.line, content: pending.parts.join('') };
    pending = { line: number, parts: [raw] };
  }
  if (pending !== undefined) yield { line: pending.line, content: pending.parts.join('') };
}

function parseAttribute(
  content: string,
): { readonly name: string; readonly value: string | Uint8Array } | undefined {
  const [, described, mark, rest] =
    /^([A-Za-z0-9.-]+(?:;[A-Za-z0-9.;-]+)?):([:<]?) *(.*)$/s.exec(content) ?? [];
  if (described === undefined || rest === undefined || mark === '<') return undefined;
  const name = (described.split(';')[0] ?? '').toLowerCase();
  if (mark !== ':') return { name, value: rest };
  const base64 = rest.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  try {
    return { name, value: utf8.decode(bytes) };
  } catch {
    return { name, value: new Uint8Array(bytes) }; // not text: objectSid, photographs
  }
}
