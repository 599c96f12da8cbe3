/**
 * The lists a node has, one file each under `<data>/intel/lists/`: a first line that says what the list is, then one
 * JSON array an indicator. Files are replaced whole. Why files and not a table: docs/decisions/0010-intel-files.md.
 */
import { createReadStream, existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Published } from '../../../intel/index.ts';
import { LEVELS } from '../../../model/level.ts';
import { INDICATOR_TYPES } from '../../../model/live/intel.ts';
import { replaceFile } from '../../../platform/files/index.ts';

/** Indicators of one list. */
const MAX_LIST_ROWS = 3_000_000;

const ListHead = z.object({
  list: z.object({
    id: z.string(),
    version: z.string(),
    title: z.object({ en: z.string(), fr: z.string() }),
    level: z.enum(LEVELS),
  }),
  /** Where it came from: a feed's address, the files imported. */
  origin: z.string(),
  updatedAtMillis: z.number(),
  rows: z.number(),
  /** Where the next poll goes on: TAXII's `added_after`, MISP's newest timestamp. */
  cursor: z.string().optional(),
});
export type ListHead = z.infer<typeof ListHead>;

/** Type, value, confidence, from and until (milliseconds, 0 none), tags, reference, publisher's id. */
const Row = z.tuple([
  z.enum(INDICATOR_TYPES),
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.array(z.string()),
  z.string(),
  z.string(),
]);

export interface ListStore {
  readonly directory: string;
  heads(): Promise<ListHead[]>;
  head(id: string): Promise<ListHead | undefined>;
  /** Every indicator of a list, in file order. Nothing when there is no such list. */
  rows(id: string): AsyncGenerator<Published>;
  write(head: Omit<ListHead, 'rows'>, rows: AsyncIterable<Published> | Iterable<Published>): Promise<number>;
  remove(id: string): Promise<boolean>;
  /** Changes whenever a list was written or removed. */
  stamp(): Promise<string>;
}

/** @param folder `lists`, or `past` for what the stored past is still to be searched for */
export function createListStore(dataDirectory: string, folder: 'lists' | 'past' = 'lists'): ListStore {
  const directory = path.join(dataDirectory, 'intel', folder);
  const fileOf = (id: string): string => path.join(directory, `${safeName(id)}.jsonl`);

  async function names(): Promise<string[]> {
    if (!existsSync(directory)) return [];
    return (await readdir(directory)).filter((name) => name.endsWith('.jsonl')).sort();
  }

  async function head(id: string): Promise<ListHead | undefined> {
    for await (const line of linesOf(fileOf(id))) return ListHead.parse(JSON.parse(line));
    return undefined;
  }

  return {
    directory,
    head,
    async heads() {
      const found = await Promise.all((await names()).map((name) => head(name.slice(0, -'.jsonl'.length))));
      return found.filter((one) => one !== undefined);
    },
    async *rows(id) {
      let isHead = true;
      for await (const line of linesOf(fileOf(id))) {
        if (!isHead) yield publishedOf(id, Row.parse(JSON.parse(line)));
        isHead = false;
      }
    },
    async write(about, rows) {
      let count = 0;
      const body = async (append: (text: string) => Promise<void>): Promise<void> => {
        for await (const row of rows) {
          if (count >= MAX_LIST_ROWS) break;
          count++;
          await append(`${JSON.stringify(rowOf(row))}\n`);
        }
      };
      // The head says how many rows follow, so the rows are written first, into a file of their own.
      await writeWithHead(fileOf(about.list.id), body, () => ({ ...about, rows: count }));
      return count;
    },
    async remove(id) {
      const isThere = existsSync(fileOf(id));
      await rm(fileOf(id), { force: true });
      return isThere;
    },
    async stamp() {
      const parts = await Promise.all(
        (await names()).map(async (name) => {
          const { mtimeMs, size } = await stat(path.join(directory, name));
          return `${name}:${mtimeMs}:${size}`;
        }),
      );
      return parts.join(' ');
    },
  };
}

/** Ids come from file names and command lines: nothing of them may lead elsewhere. */
function safeName(id: string): string {
  return id
    .replace(/[^a-z0-9._-]/gi, '_')
    .replace(/^\.+/, '_')
    .slice(0, 100);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  if (!existsSync(file)) return;
  const stream = createReadStream(file, { highWaterMark: 1 << 18 });
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line !== '') yield line;
    }
  } finally {
    stream.destroy();
  }
}

async function writeWithHead(
  file: string,
  body: (append: (text: string) => Promise<void>) => Promise<void>,
  head: () => ListHead,
): Promise<void> {
  const rows = `${file}.rows`;
  try {
    await replaceFile(rows, body);
    await replaceFile(file, async (append) => {
      await append(`${JSON.stringify(head())}\n`);
      for await (const chunk of createReadStream(rows, 'utf8')) await append(String(chunk));
    });
  } finally {
    await rm(rows, { force: true });
  }
}

function rowOf({ indicator, publisherId }: Published): z.infer<typeof Row> {
  const {
    type,
    value,
    confidence,
    validFromMillis = 0,
    validUntilMillis = 0,
    tags,
    reference = '',
  } = indicator;
  return [
    type,
    value,
    confidence,
    validFromMillis,
    validUntilMillis,
    [...tags],
    reference,
    publisherId ?? '',
  ];
}

function publishedOf(listId: string, row: z.infer<typeof Row>): Published {
  const [type, value, confidence, from, until, tags, reference, publisherId] = row;
  const indicator = {
    type,
    value,
    listId,
    confidence,
    tags,
    ...(from === 0 ? {} : { validFromMillis: from }),
    ...(until === 0 ? {} : { validUntilMillis: until }),
    ...(reference === '' ? {} : { reference }),
  };
  return publisherId === '' ? { indicator } : { indicator, publisherId };
}
