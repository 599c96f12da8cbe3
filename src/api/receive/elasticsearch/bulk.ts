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
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const MAX_ACTION_BYTES = 4_096;
const NAMES: ReadonlySet<string> = new Set<ActionName>(['index', 'create', 'update', 'delete']);

export function scanBulk(body: Buffer, maxRecordBytes: number): BulkScan | BulkMalformed {
  if (body.length > 0 && body[body.length - 1] !== NEWLINE) return { line: 0, problem: 'no-newline' };
  const actions: BulkAction[] = [];
  const refused = new Map<number, ItemRefusal>();
  const spans: number[] = [];
  let known: KnownLine | undefined;
  let position = 0;
  let line = 0;
  while (position < body.length) {
    const end = body.indexOf(NEWLINE, position);
    line += 1;
    if (isBlank(body, position, end)) {
      position = end + 1;
      continue;
    }
    let action = known && likeKnown(body, known, position, end);
    if (!action) {
      action = parseAction(body, position, end);
      if (!action) return { line, problem: 'bad-action' };
      known = knownLine(body, action, position, end);
    }
    position = end + 1;
    actions.push(action);
    if (action.name === 'delete') {
      refused.set(actions.length - 1, 'unsupported');
      continue;
    }
    if (position >= body.length) return { line, problem: 'no-document' };
    const documentEnd = body.indexOf(NEWLINE, position);
    const contentEnd = body[documentEnd - 1] === CARRIAGE_RETURN ? documentEnd - 1 : documentEnd;
    const refusal = refusalOf(action, contentEnd - position, maxRecordBytes);
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

/** An action line already parsed, and where in it the id stands: lines that differ by their id alone are like it. */
interface KnownLine {
  readonly action: BulkAction;
  readonly start: number;
  readonly end: number;
  readonly idStart: number;
  readonly idEnd: number;
}

function knownLine(body: Buffer, action: BulkAction, start: number, end: number): KnownLine {
  const quoted = action.id === undefined ? -1 : body.subarray(start, end).indexOf(`"_id":"${action.id}"`);
  if (action.id === undefined || quoted === -1) return { action, start, end, idStart: -1, idEnd: -1 };
  const idStart = start + quoted + '"_id":"'.length;
  return { action, start, end, idStart, idEnd: idStart + Buffer.byteLength(action.id) };
}

function likeKnown(body: Buffer, known: KnownLine, start: number, end: number): BulkAction | undefined {
  if (known.idStart === -1) {
    const isSame =
      known.end - known.start === end - start && body.compare(body, known.start, known.end, start, end) === 0;
    return isSame ? known.action : undefined;
  }
  const idStart = start + known.idStart - known.start;
  const idEnd = end - (known.end - known.idEnd);
  if (idEnd < idStart) return undefined;
  if (body.compare(body, known.start, known.idStart, start, idStart) !== 0) return undefined;
  if (body.compare(body, known.idEnd, known.end, idEnd, end) !== 0) return undefined;
  for (let at = idStart; at < idEnd; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === QUOTE || byte === BACKSLASH || byte < SPACE) return undefined;
  }
  const { name, index } = known.action;
  return { name, index, id: body.toString('utf8', idStart, idEnd) };
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
