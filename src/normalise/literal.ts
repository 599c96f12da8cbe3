/** Literal text of line templates, in which a blank stands for any run of blanks. */

export interface Literal {
  /** Where the literal ends when it stands at `at`; -1 when it does not. */
  endAt(line: string, at: number): number;
  /** The first place not before `from` where it stands; -1 when there is none. */
  find(line: string, from: number): number;
}

export function isBlankCode(code: number): boolean {
  return code === 32 || code === 9;
}

export function compileLiteral(text: string): Literal {
  const pieces = text.replace(/[ \t]+/g, ' ').split(' ');
  const [only = ''] = pieces;
  if (pieces.length === 1) {
    return {
      endAt: (line, at) => (line.startsWith(only, at) ? at + only.length : -1),
      find: (line, from) => line.indexOf(only, from),
    };
  }
  const endAt = (line: string, at: number): number => blankedEnd(pieces, line, at);
  return { endAt, find: (line, from) => findBlanked(pieces, line, from) };
}

function blankedEnd(pieces: readonly string[], line: string, at: number): number {
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index] ?? '';
    if (index > 0) {
      const from = at;
      while (isBlankCode(line.charCodeAt(at))) at++;
      if (at === from) return -1;
    }
    if (!line.startsWith(piece, at)) return -1;
    at += piece.length;
  }
  return at;
}

/** Looks for the first piece (or a blank, when the literal starts with one) and tries the rest there. */
function findBlanked(pieces: readonly string[], line: string, from: number): number {
  const [first = ''] = pieces;
  for (let at = from; at <= line.length; at++) {
    at = first === '' ? indexOfBlank(line, at) : line.indexOf(first, at);
    if (at === -1) return -1;
    if (blankedEnd(pieces, line, at) >= 0) return at;
  }
  return -1;
}

function indexOfBlank(line: string, from: number): number {
  for (let at = from; at < line.length; at++) if (isBlankCode(line.charCodeAt(at))) return at;
  return -1;
}
