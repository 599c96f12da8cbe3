/** Writes CSV that spreadsheets open without running anything in it. Does not read CSV. */

/** What a spreadsheet takes for a formula, also behind white space. */
const FORMULA = /^[\s\0]*[=+\-@\t\r＝＋－＠]/;
const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * One cell: quoted when needed, and with an apostrophe before what a spreadsheet would run as a formula.
 * @example csvCell('=1+1') // "'=1+1"
 * @example csvCell('a,"b"') // '"a,""b"""'
 */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n\0]/.test(safe) || safe !== safe.trim()
    ? `"${safe.replaceAll('"', '""').replaceAll('\0', '')}"`
    : safe;
}

/** One row with its line ending (RFC 4180). */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
