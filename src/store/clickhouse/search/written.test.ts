/** Which piece of a value may be looked for in the text: only what certainly stands there as it is asked for. */
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../query/index.ts';
import { scansText, writtenOf } from './written.ts';

function textOf(text: string): unknown {
  const query = parseQuery(text).value;
  if (query?.kind !== 'field') throw new Error(`no test of one field: ${text}`);
  const written = writtenOf(query.field, query.test);
  return written?.kind === 'words' ? written.words : written?.part;
}

describe('what of a value stands in the text', () => {
  it.each<[string, string | string[] | undefined]>([
    ['TargetUserName:J.Durand', ['durand']],
    ['TargetUserName:"CORP\\\\bob"', ['corp', 'bob']],
    ['winlog.event_data.Image:C:\\Windows\\System32\\cmd.exe', ['windows', 'system32', 'cmd', 'exe']],
    ['CommandLine:*whoami*', 'whoami'],
    ['CommandLine:a*powershell*b', 'powershell'],
    ['SubjectUserName:Élodie', 'lodie'],
    // Content may have given it, or the record write it in hexadecimal.
    ['user.full_name:durand', undefined],
    ['proctitle:whoami', undefined],
    // Zeek writes T, some write 0x10 or 1e3.
    ['AA:true', undefined],
    ['LogonType:10000', undefined],
    ['TargetUserName:*', undefined],
    ['TargetUserName:*bob', undefined],
    ['TargetUserName > durand', undefined],
  ])('%s: %s', (text, expected) => {
    expect(textOf(text)).toEqual(expected);
  });

  it('says when every word of the index is gone through', () => {
    const scans = (text: string): boolean => scansText(parseQuery(text).value ?? { kind: 'all' });
    for (const text of [
      'needle*',
      'été*',
      'hétérogénéité',
      'l’admin',
      'x and not (y or TargetUserName:durand*)',
    ]) {
      expect(scans(text), text).toBe(true);
    }
    for (const text of ['needle', 'été', '"two words"', 'user.name:durand', '*'])
      expect(scans(text), text).toBe(false);
  });
});
