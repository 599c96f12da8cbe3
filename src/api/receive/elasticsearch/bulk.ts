/**
 * Scans a `_bulk` body: finds each document's place in it, and what was asked for it. Documents are never parsed:
 * only action lines are, and an action line equal to the one before not even that. Pure.
 */

export type ActionName = 'index' | 'create' | 'update' | 'delete';

export interface BulkAction {
  readonly name: ActionName;
  readonly index: string | undefined;
  readonly id: string | undefined;
}

/** Why an item is refused, while the others go on. */
export type ItemRefusal = 'unsupported' | 'empty' | 'too-large';

export interface BulkScan {
  /** One for each item, in order; items with equal action lines share the object. */
  readonly actions: readonly BulkAction[];
  /** Item number → why it is not taken. Few. */
  readonly refused: ReadonlyMap<number, ItemRefusal>;
  /** Start and end of each document taken. */
  readonly spans: Uint32Array;
}

/** The body as a whole makes no sense; `line` is 1-based. */
export interface BulkMalformed {
  readonly line: number;
  readonly problem: 'no-newline' | 'bad-action' | 'no-document';
}

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const MAX_ACTION_BYTES = 4_096;
const NAMES: ReadonlySet<string> = new Set<ActionName>(['index', 'create', 'update', 'delete']);

export function scanBulk(body: Buffer, maxRecordBytes: number): BulkScan | BulkMalformed {
  if (body.length > 0 && body[body.length - 1] !== NEWLINE) return { line: 0, problem: 'no-newline' };
  const actions: BulkAction[] = [];
  const refused = new Map<number, ItemRefusal>();
  const spans: number[] = [];
  let known: { action: BulkAction; start: number; end: number } | undefined;
  let position = 0;
  let line = 0;
  while (position < body.length) {
    const end = body.indexOf(NEWLINE, position);
    line += 1;
    if (isBlank(body, position, end)) {
      position = end + 1;
      continue;
    }
    if (!known || !isSame(body, known, position, end)) {
      const action = parseAction(body, position, end);
      if (!action) return { line, problem: 'bad-action' };
      known = { action, start: position, end };
    }
    position = end + 1;
    actions.push(known.action);
    if (known.action.name === 'delete') {
      refused.set(actions.length - 1, 'unsupported');
      continue;
    }
    if (position >= body.length) return { line, problem: 'no-document' };
    const documentEnd = body.indexOf(NEWLINE, position);
    const contentEnd = body[documentEnd - 1] === CARRIAGE_RETURN ? documentEnd - 1 : documentEnd;
    const refusal = refusalOf(known.action, contentEnd - position, maxRecordBytes);
    if (refusal) refused.set(actions.length - 1, refusal);
    else spans.push(position, contentEnd);
    line += 1;
    position = documentEnd + 1;
  }
  return { actions, refused, spans: Uint32Array.from(spans) };
}

function refusalOf(action: BulkAction, bytes: number, maxRecordBytes: number): ItemRefusal | undefined {
  if (action.name === 'update') return 'unsupported';
  if (bytes <= 0) return 'empty';
  return bytes > maxRecordBytes ? 'too-large' : undefined;
}

function isBlank(body: Buffer, start: number, end: number): boolean {
  return end === start || (end === start + 1 && body[start] === CARRIAGE_RETURN);
}

function isSame(body: Buffer, known: { start: number; end: number }, start: number, end: number): boolean {
  return (
    known.end - known.start === end - start && body.compare(body, known.start, known.end, start, end) === 0
  );
}

/** `{"create":{"_index":"logs","_id":"7"}}`: one key, one of the four actions, its value an object. */
function parseAction(body: Buffer, start: number, end: number): BulkAction | undefined {
  if (end - start > MAX_ACTION_BYTES) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8', start, end));
  } catch {
    return undefined;
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return undefined;
  const entries = Object.entries(parsed);
  const [name, meta] = entries[0] ?? [];
  if (entries.length !== 1 || name === undefined || !NAMES.has(name)) return undefined;
  if (meta === null || typeof meta !== 'object' || Array.isArray(meta)) return undefined;
  const { _index: index, _id: id } = meta as { _index?: unknown; _id?: unknown };
  return { name: name as ActionName, index: textOf(index), id: textOf(id) };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}
