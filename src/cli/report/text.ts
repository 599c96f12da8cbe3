/**
 * Text from logs made fit for a terminal: nothing in it can move the cursor or change the colours, its width in
 * columns is known, and it can be cut to a width. Knows nothing of findings.
 */

/** C0, DEL, C1, line and paragraph separators, bidirectional controls, invisible characters. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Shows what could act on the terminal instead of letting it act.
 * @example neutralise('a\u001b[2Jb') // 'a\\x1b[2Jb'
 */
export function neutralise(text: string): string {
  return text.replace(UNSAFE, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (SHORT[char] !== undefined) return SHORT[char];
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** Code point ranges drawn in two columns (East Asian wide and emoji), sorted. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x274c, 0x274c],
  [0x2753, 0x2757],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/\p{Mn}|\p{Me}/u.test(char)) return 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Columns the text takes; the text must be free of escape sequences. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** The longest beginning that fits; ends with the mark when something was cut off. */
export function cutEnd(text: string, columns: number, mark: string): string {
  if (widthOf(text) <= columns) return text;
  const room = Math.max(0, columns - widthOf(mark));
  let kept = '';
  let width = 0;
  for (const char of text) {
    width += charWidth(char);
    if (width > room) break;
    kept += char;
  }
  return kept + (columns >= widthOf(mark) ? mark : '');
}

/** The longest end that fits; begins with the mark when something was cut off. */
export function cutStart(text: string, columns: number, mark: string): string {
  if (widthOf(text) <= columns) return text;
  const room = Math.max(0, columns - widthOf(mark));
  const chars = [...text];
  let from = chars.length;
  let width = 0;
  while (from > 0) {
    width += charWidth(chars[from - 1] ?? '');
    if (width > room) break;
    from -= 1;
  }
  return (columns >= widthOf(mark) ? mark : '') + chars.slice(from).join('');
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** Lines of at most `columns`, broken at spaces; a longer word is cut into pieces. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \n]+/).flatMap((part) => pieces(part, columns))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

function pieces(word: string, columns: number): string[] {
  const parts: string[] = [];
  let rest = word;
  while (widthOf(rest) > columns && columns > 1) {
    const head = cutEnd(rest, columns, '');
    parts.push(head);
    rest = rest.slice(head.length);
  }
  return rest === '' ? parts : [...parts, rest];
}

const TO_ASCII: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '…': '...',
  '–': '-',
  '—': '-',
  '→': '->',
  '×': 'x',
  '·': '-',
  œ: 'oe',
  Œ: 'OE',
  æ: 'ae',
  '≥': '>=',
  '\u00a0': ' ',
  '\u202f': ' ',
};

/** For terminals without Unicode: accents dropped, signs replaced, the rest as `?`. Escape sequences are kept. */
export function toAscii(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\u0000-\u007f]/gu, (char) => TO_ASCII[char] ?? '?');
}
