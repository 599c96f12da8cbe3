/** Reads zip archives (zip64 included) from a file on disk, through yauzl; encrypted members are told and passed over. */
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { reasonOf } from './walk.ts';

export interface ZipMember {
  readonly name: string;
  readonly size: number;
  /** Of what has been read at least. */
  compressedSize(): number;
  readonly isEncrypted: boolean;
  chunks(): AsyncGenerator<Uint8Array>;
}

/** Members in the order of the central directory. Throws what yauzl throws when the directory cannot be read. */
export async function* readZip(file: string, problem: (reason: string) => void): AsyncGenerator<ZipMember> {
  // Names are only shown, never written to: those yauzl would refuse (`../x`) are read like others.
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false, decodeStrings: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const name = String(entry.fileName);
      if (name.endsWith('/')) continue;
      yield {
        name,
        size: entry.uncompressedSize,
        compressedSize: () => entry.compressedSize,
        isEncrypted: entry.isEncrypted(),
        chunks: () => readMember(zip, entry, problem),
      };
    }
  } finally {
    zip.close();
  }
}

async function* readMember(
  zip: ZipFile,
  entry: Entry,
  problem: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    problem(reasonOf(error));
  }
}
