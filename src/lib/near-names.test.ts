import { describe, expect, it } from 'vitest';
import { nearNames } from './near-names.ts';

const KNOWN = ['user.name', 'host.name', 'source.ip', 'destination.ip', 'TargetUserName', 'event.code'];

describe('names near a mistyped one', () => {
  it.each([
    ['usr.name', ['user.name']],
    ['username', ['user.name', 'TargetUserName']],
    ['targetusername', ['TargetUserName']],
    ['src_ip', ['source.ip']],
    ['dest.ip', ['destination.ip']],
    ['evnet.code', ['event.code']],
    ['unknown.field', []],
    ['', []],
    ['x'.repeat(500), []],
  ])('%j', (name, near) => {
    expect(nearNames(name, KNOWN)).toEqual(near);
  });
});
