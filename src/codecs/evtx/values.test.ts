import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../model/event.ts';
import { VALUE } from './layout.ts';
import { decodeValue } from './values.ts';
import { guidBytes, uint32, uint64, utf16 } from './write-values.ts';

function value(type: number, bytes: Buffer): FieldValue {
  return decodeValue(Buffer.concat([Buffer.from([1, 2, 3]), bytes]), type, 3, bytes.length);
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('values', () => {
  it.each([
    ['null', VALUE.null, hex(''), null],
    ['text without its NULs', VALUE.string, utf16('né\0\0'), 'né'],
    ['text with an odd byte too many', VALUE.string, Buffer.concat([utf16('a'), hex('41')]), 'a'],
    ['lone surrogate', VALUE.string, utf16('\ud800x'), '\ud800x'],
    ['ANSI', VALUE.ansi, Buffer.from('na\xefve\0', 'latin1'), 'naïve'],
    ['int8', VALUE.int8, hex('ff'), -1],
    ['uint8', VALUE.uint8, hex('ff'), 255],
    ['int16', VALUE.int16, hex('feff'), -2],
    ['uint16', VALUE.uint16, hex('feff'), 65534],
    ['int32', VALUE.int32, hex('00000080'), -2147483648],
    ['uint32', VALUE.uint32, hex('00000080'), 2147483648],
    ['int64', VALUE.int64, uint64(-5n), -5],
    ['int64 too large for a number', VALUE.int64, uint64(-9007199254740993n), '-9007199254740993'],
    ['uint64', VALUE.uint64, uint64(9007199254740991n), 9007199254740991],
    ['uint64 too large for a number', VALUE.uint64, uint64(18446744073709551615n), '18446744073709551615'],
    ['real32', VALUE.real32, hex('cdcccc3d'), 0.1],
    ['real64', VALUE.real64, hex('000000000000f83f'), 1.5],
    ['NaN', VALUE.real64, hex('000000000000f87f'), 'NaN'],
    ['true', VALUE.bool, uint32(1), true],
    ['false', VALUE.bool, uint32(0), false],
    ['irregular bool of one byte', VALUE.bool, hex('01'), true],
    ['binary', VALUE.binary, hex('00abff'), '00ABFF'],
    [
      'GUID',
      VALUE.guid,
      guidBytes('{5770385F-C22A-43E0-BF4C-06F5698FFBD9}'),
      '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
    ],
    ['size_t of 32 bits', VALUE.size, uint32(0x378), '0x378'],
    ['size_t of 64 bits', VALUE.size, uint64(0x1_0000_0001n), '0x100000001'],
    ['FILETIME', VALUE.filetime, uint64(133_000_000_000_000_001n), '2022-06-18T04:26:40.0000001Z'],
    ['the first FILETIME', VALUE.filetime, uint64(0n), '1601-01-01T00:00:00.0000000Z'],
    ['the last FILETIME', VALUE.filetime, uint64(0xffff_ffff_ffff_ffffn), '60056-05-28T05:36:10.9551615Z'],
    ['SYSTEMTIME', VALUE.systemtime, hex('ea070b00020018000800070006000500'), '2026-11-24T08:07:06.005Z'],
    ['SID', VALUE.sid, hex('0102000000000005200000002002 0000'.replace(' ', '')), 'S-1-5-32-544'],
    ['SID cut short', VALUE.sid, hex('0105000000000005'), '0105000000000005'],
    ['hex32', VALUE.hex32, uint32(0x3e7), '0x3e7'],
    ['hex64', VALUE.hex64, uint64(0x8020000000000000n), '0x8020000000000000'],
    ['hex64 zero', VALUE.hex64, uint64(0n), '0x0'],
    ['event handle', VALUE.handle, uint64(255n), '0xff'],
    ['array of texts', VALUE.string | VALUE.array, utf16('a\0\0b\0'), ['a', '', 'b']],
    ['array of texts, last unended', VALUE.string | VALUE.array, utf16('a\0b'), ['a', 'b']],
    ['empty array', VALUE.string | VALUE.array, hex(''), []],
    ['array of uint16', VALUE.uint16 | VALUE.array, hex('010002000300'), [1, 2, 3]],
    ['array of hex32', VALUE.hex32 | VALUE.array, hex('0100000002000000'), ['0x1', '0x2']],
    [
      'array of SIDs',
      VALUE.sid | VALUE.array,
      hex('010100000000000512000000010100000000000513000000'),
      ['S-1-5-18', 'S-1-5-19'],
    ],
    ['unknown type', 0x7e, hex('0102'), '0102'],
  ] as const)('%s', (_name, type, bytes, expected) => {
    expect(value(type, bytes)).toEqual(expected);
  });

  it('gives null for a value shorter than its type', () => {
    for (const type of [VALUE.uint32, VALUE.guid, VALUE.filetime, VALUE.real64, VALUE.size, VALUE.sid]) {
      expect(value(type, hex('01'))).toBeNull();
    }
  });
});
