/** Plain tables for the terminal: columns as wide as what they hold. Control characters are never passed through. */

export interface TextColumn {
  readonly title: string;
  /** Cut beyond this. */
  readonly maxWidth?: number;
}

/** @example textTable([{ title: 'id' }], [['a']]) // 'id\na\n' */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => row.map(printable))].map((row) =>
    columns.map((column, index) => cut(row[index] ?? '', column.maxWidth)),
  );
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => [...(row[index] ?? '')].length)));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, index) => pad(cell, widths[index]))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** What came from outside, made safe for a terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

function cut(text: string, maxWidth = 60): string {
  const characters = [...text];
  return characters.length <= maxWidth ? text : `${characters.slice(0, maxWidth - 1).join('')}…`;
}

function pad(text: string, width = 0): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
