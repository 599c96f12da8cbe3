/**
 * Backups of the event store: every partition of every table in a file of its own (ClickHouse's Native format, zstd),
 * and a manifest with their sizes and SHA-256, written last: a folder without one is no backup. Works the same on an
 * embedded store and on a server; a cluster has its own BACKUP. A restore checks every file before it writes anything,
 * wants an empty store, and goes past the views, whose tables are in the backup too.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type BackupReport, type Maintenance, StorageError } from '../../model/live/storage.ts';

const MANIFEST = 'manifest.json';

const Manifest = z.strictObject({
  format: z.literal('vigie-backup-1'),
  takenAtMillis: z.number(),
  files: z.array(
    z.strictObject({
      table: z.string().regex(/^\w+$/),
      partition: z.string().regex(/^[\w-]+$/),
      file: z.string().regex(/^[\w.-]+$/),
      columns: z.array(z.string()),
      /** At the moment it began; more may have come in while it was written. */
      rows: z.number(),
      /** False for tables whose engine adds rows up as it merges them: fewer may come back. */
      isExact: z.boolean(),
      bytes: z.number(),
      sha256: z.string(),
    }),
  ),
});
type Manifest = z.infer<typeof Manifest>;

/** Told after each file, and asked before the next whether to go on. */
export interface BackupWatch {
  readonly signal?: AbortSignal;
  onFile?(done: number, total: number): void;
}

/**
 * @param directory made when missing; must be empty
 * @throws StorageError, StoreError
 */
export async function backUp(
  maintenance: Pick<Maintenance, 'partitions' | 'columns' | 'dump'>,
  { directory, nowMillis }: { readonly directory: string; readonly nowMillis: number },
  watch: BackupWatch = {},
): Promise<BackupReport> {
  const root = path.resolve(directory);
  await mkdir(root, { recursive: true });
  if ((await readdir(root)).length > 0) {
    throw new StorageError({ en: `${root} is not empty`, fr: `${root} n’est pas vide` });
  }
  const files: Manifest['files'] = [];
  const columns = new Map<string, string[]>();
  const partitions = await maintenance.partitions();
  for (const { table, partition, rows, engine } of partitions) {
    if (watch.signal?.aborted === true) throw stopped();
    const names = columns.get(table) ?? (await maintenance.columns(table)).map(({ name }) => name);
    columns.set(table, names);
    const isExact = /^(Replicated)?MergeTree$/.test(engine);
    const file = `${table}.${partition}.native.zst`;
    const at = path.join(root, file);
    await maintenance.dump({ table, partition, columns: names, path: at });
    await syncFile(at);
    files.push({ table, partition, file, columns: names, rows, isExact, ...(await fingerprint(at)) });
    watch.onFile?.(files.length, partitions.length);
  }
  await writeManifest(root, { format: 'vigie-backup-1', takenAtMillis: nowMillis, files });
  return reportOf(files);
}

function stopped(): StorageError {
  return new StorageError({
    en: 'stopped before its end: without a manifest it is no backup',
    fr: 'arrêtée avant sa fin : sans manifeste ce n’est pas une sauvegarde',
  });
}

/**
 * Reads a backup's manifest and checks every file against it.
 * @throws StorageError naming the first file that is missing or damaged
 */
async function readBackup(directory: string): Promise<Manifest> {
  const root = path.resolve(directory);
  if (!existsSync(path.join(root, MANIFEST))) {
    throw new StorageError({
      en: `${root} is no finished backup: it has no ${MANIFEST}`,
      fr: `${root} n’est pas une sauvegarde achevée : ${MANIFEST} n’y est pas`,
    });
  }
  const parsed = Manifest.safeParse(parseJson(await readFile(path.join(root, MANIFEST), 'utf8')));
  if (!parsed.success) {
    throw new StorageError({ en: `${MANIFEST} is damaged`, fr: `${MANIFEST} est endommagé` });
  }
  for (const { file, bytes, sha256 } of parsed.data.files) {
    const found = existsSync(path.join(root, file)) ? await fingerprint(path.join(root, file)) : undefined;
    if (found?.bytes !== bytes || found.sha256 !== sha256) {
      throw new StorageError({
        en: `${file} is missing or damaged; nothing was restored`,
        fr: `${file} est absent ou endommagé ; rien n’a été restauré`,
      });
    }
  }
  return parsed.data;
}

/**
 * Into a store without events.
 * @throws StorageError, StoreError; a restore that stopped in the middle is done again into a new store
 */
export async function restoreBackup(
  maintenance: Pick<Maintenance, 'partitions' | 'restore'>,
  directory: string,
): Promise<BackupReport> {
  const manifest = await readBackup(directory);
  if ((await maintenance.partitions()).length > 0) {
    throw new StorageError({
      en: 'the event store is not empty: restore into a new one (--data another folder)',
      fr: 'le magasin d’évènements n’est pas vide : restaurez dans un nouveau (--data un autre dossier)',
    });
  }
  let rows = 0;
  for (const item of manifest.files) {
    const restored = await maintenance.restore({ ...item, path: path.resolve(directory, item.file) });
    if (restored < (item.isExact ? item.rows : Math.min(1, item.rows))) {
      throw new StorageError({
        en: `${item.file}: ${restored} rows came back of ${item.rows}`,
        fr: `${item.file} : ${restored} lignes restaurées sur ${item.rows}`,
      });
    }
    rows += restored;
  }
  return { ...reportOf(manifest.files), rows };
}

function reportOf(files: Manifest['files']): BackupReport {
  const sum = (of: 'rows' | 'bytes'): number => files.reduce((total, file) => total + file[of], 0);
  return { partitions: files.length, rows: sum('rows'), bytes: sum('bytes') };
}

async function fingerprint(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

async function writeManifest(root: string, manifest: Manifest): Promise<void> {
  const draft = path.join(root, `${MANIFEST}.part`);
  const handle = await open(draft, 'wx');
  try {
    await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path.join(root, MANIFEST));
  await syncFile(root);
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema
  }
}
