/** Every limit that was reached is said, in both languages; nothing is said when none was. */
import { expect, it } from 'vitest';
import { countValue } from '../../../lib/counter.ts';
import { limitsOf } from './limits.ts';
import { createTally, tallyNote } from './tally.ts';

it('says each limit that was reached, and none that was not', () => {
  const tally = createTally();
  const none = { rowsDropped: 0, rowsKept: 5, gapsLeftOut: 0 };
  expect(limitsOf(tally, none)).toEqual([]);
  for (let index = 0; index <= tally.hosts.limit; index += 1) countValue(tally.hosts, `h${index}`);
  for (let index = 0; index <= tally.users.limit; index += 1) countValue(tally.users, `u${index}`);
  const clear = { at: '', host: '', user: '', channel: '', path: '' };
  for (let index = 0; index < 501; index += 1) tallyNote(tally, tally.clears, clear);
  tally.streams.minutes = 8;
  const said = limitsOf(tally, { rowsDropped: 3, rowsKept: 5, gapsLeftOut: 2 });
  expect(said).toHaveLength(6);
  expect(said.map(({ en }) => en).join('\n')).toMatch(
    /3 matches[\s\S]*steps of 8 minutes[\s\S]*machines[\s\S]*accounts[\s\S]*1 more cleared[\s\S]*2 more gaps/,
  );
});
