/**
 * Writes the answer to a `_bulk`, item by item, as text: at thirty thousand items a second objects would cost more
 * than the scan. `filter_path` is decided once for each field. Pure.
 */
import type { Receipt } from '../../../model/live/delivery.ts';
import { MAX_FRAME_RECORDS } from '../../../model/live/delivery.ts';
import type { ActionName, BulkAction, BulkScan, ItemRefusal } from './bulk.ts';
import type { PathFilter } from './filter-path.ts';

interface AnswerInput {
  readonly scan: BulkScan;
  readonly receipts: readonly Receipt[];
  /** Index named by the address, for actions that name none. */
  readonly defaultIndex: string | undefined;
  /** Start of the ids made for documents that have none. */
  readonly idPrefix: string;
  readonly tookMillis: number;
  readonly filter: PathFilter | undefined;
}

interface ItemError {
  readonly status: number;
  readonly type: string;
  readonly reason: string;
}

const REFUSALS: Readonly<Record<ItemRefusal, ItemError>> = {
  unsupported: {
    status: 400,
    type: 'action_request_validation_exception',
    reason: 'Vigie keeps what it is given and changes nothing: only [index] and [create] are taken',
  },
  empty: { status: 400, type: 'document_parsing_exception', reason: 'the document is empty' },
  'too-large': {
    status: 413,
    type: 'document_too_large_exception',
    reason: 'the document is larger than Vigie keeps (limits.recordBytes); it was not kept',
  },
};

const NOT_KEPT: Readonly<Record<'full' | 'too-large' | 'stopping' | 'broken', ItemError>> = {
  full: {
    status: 429,
    type: 'es_rejected_execution_exception',
    reason: 'the spool is full: send it again later',
  },
  'too-large': REFUSALS['too-large'],
  stopping: { status: 503, type: 'unavailable_shards_exception', reason: 'Vigie is stopping: send it again' },
  broken: { status: 503, type: 'unavailable_shards_exception', reason: 'Vigie cannot write: send it again' },
};

export function writeBulkAnswer(input: AnswerInput): string {
  const { scan, filter } = input;
  const writer = createItemWriter(input);
  const items: string[] = [];
  let hasErrors = false;
  let taken = 0;
  scan.actions.forEach((action, item) => {
    const refusal = scan.refused.get(item);
    const error = refusal ? REFUSALS[refusal] : lostOf(input.receipts, taken);
    if (!refusal) taken += 1;
    if (error) hasErrors = true;
    const text = writer(action, item, error);
    if (text !== '') items.push(text);
  });
  const parts: string[] = [];
  if (wants(filter, 'errors')) parts.push(`"errors":${hasErrors}`);
  if (wants(filter, 'took')) parts.push(`"took":${Math.round(input.tookMillis)}`);
  if (items.length > 0 || !filter) parts.push(`"items":[${items.join(',')}]`);
  return `{${parts.join(',')}}`;
}

/** What happened to the n-th document handed over; undefined when it was kept. */
function lostOf(receipts: readonly Receipt[], taken: number): ItemError | undefined {
  const receipt = receipts[Math.min(Math.floor(taken / MAX_FRAME_RECORDS), receipts.length - 1)];
  return receipt?.kind === 'refused' ? NOT_KEPT[receipt.reason] : undefined;
}

type ItemWriter = (action: BulkAction, item: number, error: ItemError | undefined) => string;

function createItemWriter({ filter, defaultIndex, idPrefix }: AnswerInput): ItemWriter {
  const shapes = new Map<ActionName, ItemShape>();
  const heads = new Map<string | undefined, string>();
  return (action, item, error) => {
    const shape = shapes.get(action.name) ?? shapeOf(action.name, filter);
    shapes.set(action.name, shape);
    let head = shape.hasIndex ? heads.get(action.index) : '';
    if (head === undefined) {
      head = `"_index":${JSON.stringify(action.index ?? defaultIndex ?? 'vigie')},`;
      heads.set(action.index, head);
    }
    const id = shape.hasId ? `"_id":${JSON.stringify(action.id ?? `${idPrefix}${item.toString(36)}`)},` : '';
    const tail = error
      ? shape.failed(error)
      : `${shape.before}${shape.hasSeqNo ? `"_seq_no":${item},` : ''}${shape.after}`;
    const fields = head + id + tail;
    return fields === '' ? '' : `{"${action.name}":{${fields.slice(0, -1)}}}`;
  };
}

/** The constant parts of an item of one action, each field ended by a comma. */
interface ItemShape {
  readonly hasIndex: boolean;
  readonly hasId: boolean;
  readonly hasSeqNo: boolean;
  readonly before: string;
  readonly after: string;
  failed(error: ItemError): string;
}

function shapeOf(name: ActionName, filter: PathFilter | undefined): ItemShape {
  const has = (...path: string[]): boolean => wants(filter, 'items', name, ...path);
  const field = (key: string, json: string): string => (has(key) ? `"${key}":${json},` : '');
  return {
    hasIndex: has('_index'),
    hasId: has('_id'),
    hasSeqNo: has('_seq_no'),
    before:
      field('_version', '1') +
      field('result', '"created"') +
      field('_shards', '{"total":1,"successful":1,"failed":0}'),
    after: field('_primary_term', '1') + field('status', '201'),
    failed: ({ status, type, reason }) => {
      const parts = [
        has('error', 'type') ? `"type":${JSON.stringify(type)}` : '',
        has('error', 'reason') ? `"reason":${JSON.stringify(reason)}` : '',
      ].filter((part) => part !== '');
      return `${field('status', String(status))}${parts.length > 0 ? `"error":{${parts.join(',')}},` : ''}`;
    },
  };
}

function wants(filter: PathFilter | undefined, ...path: string[]): boolean {
  return filter === undefined || filter.wants(path);
}
