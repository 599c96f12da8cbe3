/**
 * How far each file was read, kept on disk: an append-only log of JSON lines, synced, rewritten when it has grown.
 *
 * A delivery is written down before it is handed over (`next`) and again after it was accepted (`offset` moved there).
 * A crash in between makes the same range go out again with the same key, which the intake knows: nothing twice.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { syncDirectory } from '../../spool/sync-directory.ts';

const Position = z.object({
  /** Device and inode. */
  id: z.string(),
  path: z.string(),
  /** A new one each time the file starts again at 0: ranges of two lives are never taken for each other. */
  life: z.string(),
  /** Everything before is accepted. */
  offset: z.int().min(0),
  /** What stands before `offset`, to know the file again (`marks.ts`). */
  mark: z.string(),
  /** `offset` is inside a record that was too long, or that began before we did. */
  isSkipping: z.boolean().optional(),
  /** End of a range handed over and perhaps accepted. */
  next: z.int().min(0).optional(),
});
export type Position = z.infer<typeof Position>;

const Line = z.union([Position, z.object({ id: z.string(), isGone: z.literal(true) })]);
type Line = z.infer<typeof Line>;

export interface Positions {
  readonly known: ReadonlyMap<string, Position>;
  /** Lines that could not be read; the last one may be torn by a crash, others tell of a bad disk. */
  readonly damagedLines: number;
  /** False at the very first start. */
  readonly hasPast: boolean;
  /** Durable when it resolves. */
  write(changes: readonly Position[], goneIds?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const FILE = 'positions.log';
const REWRITE_AFTER_LINES = 20_000;

export async function openPositions(directory: string): Promise<Positions> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, FILE);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  });
  const known = new Map<string, Position>();
  let damagedLines = 0;
  for (const line of (text ?? '').split('\n')) {
    if (line === '') continue;
    const parsed = parseLine(line);
    if (parsed === undefined) damagedLines++;
    else apply(known, parsed);
  }
  let lines = 0;
  let handle = await rewrite();

  async function rewrite() {
    const temporary = `${file}.new`;
    const made = await open(temporary, 'w', 0o600);
    await made.appendFile(render([...known.values()]));
    await made.sync();
    await rename(temporary, file);
    syncDirectory(directory);
    lines = known.size;
    return made;
  }

  async function write(changes: readonly Position[], goneIds: readonly string[] = []): Promise<void> {
    const added: Line[] = [...changes, ...goneIds.map((id) => ({ id, isGone: true as const }))];
    if (added.length === 0) return;
    for (const line of added) apply(known, line);
    if (lines > REWRITE_AFTER_LINES + 2 * known.size) {
      await handle.close();
      handle = await rewrite();
      return;
    }
    await handle.appendFile(render(added));
    await handle.datasync();
    lines += added.length;
  }

  return { known, damagedLines, hasPast: text !== undefined, write, close: () => handle.close() };
}

function render(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function parseLine(text: string): Line | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function apply(known: Map<string, Position>, line: Line): void {
  if ('isGone' in line) known.delete(line.id);
  else known.set(line.id, line);
}
