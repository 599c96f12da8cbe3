/** One line of separated values, quoted or not (RFC 4180); for values that run over lines see `csv-read.ts`. */

/**
 * The values of a line. Doubled quotes inside quoted values are undone; what stands between a closing quote and the
 * separator is kept, and a quote that is never closed is a character like others.
 * @param most values beyond it are left out
 * @example splitCsvLine('a,"b ""c"", d"', ',', 100) // ['a', 'b "c", d']
 */
export function splitCsvLine(line: string, separator: string, most: number): string[] {
  const values: string[] = [];
  let at = 0;
  while (values.length < most) {
    const quoted = line[at] === '"' ? quotedValue(line, at) : undefined;
    const from = quoted?.end ?? at;
    const next = line.indexOf(separator, from);
    const end = next === -1 ? line.length : next;
    values.push((quoted?.value ?? '') + line.slice(from, end));
    if (next === -1) break;
    at = end + separator.length;
  }
  return values;
}

function quotedValue(line: string, from: number): { value: string; end: number } | undefined {
  let value = '';
  let at = from + 1;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote === -1) return undefined;
    value += line.slice(at, quote);
    if (line[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}
