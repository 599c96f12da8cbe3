/** Makes the value and the reference of a row text again. For hits and lists only: it allocates. */
import { formatIp } from '../values/ip.ts';
import { KEY, type Sections } from './layout.ts';

function bytesAt(sections: Sections, from: number, length: number): Buffer {
  return Buffer.from(sections.heap.buffer, sections.heap.byteOffset + from, length);
}

export function valueAt(sections: Sections, row: number): string {
  const type = sections.type[row] ?? 0;
  const bytes = bytesAt(sections, sections.value[row] ?? 0, sections.length[row] ?? 0);
  if (type === KEY.ip) return rangeText(bytes);
  return type >= KEY.md5 && type <= KEY.imphash ? bytes.toString('hex') : bytes.toString('latin1');
}

function rangeText(bytes: Buffer): string {
  const prefix = bytes.at(-1) ?? 0;
  if (bytes.length === 5) return formatIp({ family: 4, words: [0, 0, 0, bytes.readUInt32BE(0)], prefix });
  if (bytes.length !== 17) return '';
  const word = (index: number): number => bytes.readUInt32BE(index * 4);
  return formatIp({ family: 6, words: [word(0), word(1), word(2), word(3)], prefix });
}

export function referenceAt(sections: Sections, row: number): string | undefined {
  const at = sections.reference[row] ?? 0;
  if (at === 0) return undefined;
  const length = bytesAt(sections, at - 1, 2).readUInt16BE(0);
  return bytesAt(sections, at + 1, length).toString('utf8');
}
