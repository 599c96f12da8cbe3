/** Cuts a STIX pattern into tokens with their columns. It knows no grammar. */

export type TokenKind = 'punctuation' | 'word' | 'path' | 'string' | 'other';

export interface Token {
  readonly kind: TokenKind;
  /** Of a string: without quotes and escapes. */
  readonly text: string;
  /** 1-based. */
  readonly column: number;
}

const MAX_TOKENS = 5000;

const TOKEN =
  /\s+|([[\]()=,]|!=|<=?|>=?)|([a-z][a-z0-9-]*:(?:[A-Za-z_][\w-]*|'(?:[^'\\]|\\.)*'|"[^"]*")(?:\.(?:[A-Za-z_][\w-]*|'(?:[^'\\]|\\.)*'|"[^"]*")|\[(?:\d+|\*)\])*)|([thb]?'(?:[^'\\]|\\.)*')|([A-Za-z]+)|([-+\d.]+)/y;

/** Undefined with the column of what is no token, or of where there are too many. */
export function tokensOf(pattern: string): { tokens: Token[] } | { column: number } {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.length) {
    const column = TOKEN.lastIndex + 1;
    const match = TOKEN.exec(pattern);
    if (match === null || tokens.length >= MAX_TOKENS) return { column };
    const [, punctuation, path, text, word, number] = match;
    if (punctuation !== undefined) tokens.push({ kind: 'punctuation', text: punctuation, column });
    else if (path !== undefined) tokens.push({ kind: 'path', text: path, column });
    else if (text !== undefined) tokens.push(stringToken(text, column));
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toUpperCase(), column });
    else if (number !== undefined) tokens.push({ kind: 'other', text: number, column });
  }
  return { tokens };
}

function stringToken(text: string, column: number): Token {
  if (!text.startsWith("'")) return { kind: 'other', text, column };
  return { kind: 'string', text: text.slice(1, -1).replace(/\\(.)/gs, '$1'), column };
}
