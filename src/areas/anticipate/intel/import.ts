/**
 * Brings lists in from files, folders and archives, whatever their format: nothing is fetched. An import replaces the
 * list of that id, or with `isAddition` adds to it. Values that cannot be used are issues with their place.
 */
import path from 'node:path';
import {
  createIntelSink,
  detectIntelFormat,
  type IntelFormat,
  type IntelReading,
  type ListDefaults,
  type Published,
  readIntel,
  readMispWarningList,
} from '../../../intel/index.ts';
import type { Issue } from '../../../model/issue.ts';
import type { IntelList } from '../../../model/live/intel.ts';
import { isIssue, openEntry, replaceFile, walk } from '../../../platform/files/index.ts';
import { arrive, type ListStores } from './arrive.ts';
import { warningsFolder } from './content.ts';

/** Text of one file inside an import; larger lists are to be split. */
const MAX_LIST_BYTES = 512 * 1024 * 1024;

export interface ImportRequest {
  readonly paths: readonly string[];
  /** Handed over instead of `paths`, with a name for its issues. */
  readonly text?: { readonly path: string; readonly text: string };
  readonly list: IntelList;
  readonly defaults: Omit<ListDefaults, 'listId'>;
  /** Told by the content when absent. */
  readonly format?: IntelFormat;
  readonly isAddition: boolean;
}

export interface ImportReport extends IntelReading {
  readonly listId: string;
  readonly files: number;
  /** Indicators the list has now. */
  readonly rows: number;
}

export async function importIntel(
  request: ImportRequest,
  deps: ListStores & { readonly nowMillis: number },
): Promise<ImportReport> {
  const fresh: Published[] = [];
  const sink = createIntelSink(
    { ...request.defaults, listId: request.list.id },
    (one) => void fresh.push(one),
  );
  let files = 0;
  for await (const { path: file, text } of sourcesOf(request, sink.issue)) {
    files++;
    readIntel(request.format ?? detectIntelFormat(text), text, file, sink);
  }
  const { reading } = sink;
  if (fresh.length === 0 && reading.withdrawn.length === 0) {
    return {
      ...reading,
      listId: request.list.id,
      files,
      rows: (await deps.lists.head(request.list.id))?.rows ?? 0,
    };
  }
  const about = {
    list: request.list,
    origin: request.text?.path ?? request.paths.join(' '),
    updatedAtMillis: deps.nowMillis,
  };
  const gone = [...reading.withdrawn, ...reading.superseded];
  const { rows } = await arrive(about, { fresh, gone, isWhole: !request.isAddition }, deps);
  return { ...reading, listId: request.list.id, files, rows };
}

async function* sourcesOf({ paths, text }: ImportRequest, onIssue: (issue: Issue) => void) {
  if (text === undefined) yield* textsOf(paths, onIssue);
  else yield text;
}

/** Every file's text, archives opened; one too large to be a list is an issue. */
async function* textsOf(
  paths: readonly string[],
  onIssue: (issue: Issue) => void,
): AsyncGenerator<{ readonly path: string; readonly text: string }> {
  for await (const item of walk(paths)) {
    if (isIssue(item)) {
      onIssue(item);
      continue;
    }
    for await (const opened of openEntry(item, { onIssue })) {
      const bytes = await upTo(opened.chunks, MAX_LIST_BYTES);
      if (bytes === undefined) {
        const params = { limit: MAX_LIST_BYTES, what: 'bytes a file', whatFr: 'octets par fichier' };
        onIssue({ code: 'INTEL_LIMIT', place: { path: opened.path }, params });
      } else yield { path: opened.path, text: bytes.toString('utf8') };
    }
  }
}

async function upTo(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer | undefined> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit) return undefined;
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}

/** MISP warning lists (`list.json` files) of a folder or archive, kept as content of the site. */
export async function importWarningLists(
  paths: readonly string[],
  dataDirectory: string,
): Promise<{ readonly lists: readonly { id: string; values: number }[]; readonly issues: readonly Issue[] }> {
  const sink = createIntelSink({ listId: '', confidence: 0, tags: [] }, () => undefined);
  const lists: { id: string; values: number }[] = [];
  for await (const { path: file, text } of textsOf(paths, sink.issue)) {
    if (!/\.json$/i.test(file)) continue;
    const name =
      path.basename(file) === 'list.json' ? path.basename(path.dirname(file)) : path.basename(file, '.json');
    const list = readMispWarningList(text, name, sink);
    if (list === undefined) continue;
    await replaceFile(path.join(warningsFolder(dataDirectory), `${list.id}.json`), (append) =>
      append(JSON.stringify(list)),
    );
    lists.push({ id: list.id, values: list.values.length });
  }
  return { lists, issues: sink.reading.issues };
}
