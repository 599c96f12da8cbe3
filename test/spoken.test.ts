/** Commander's own words in French: no command's help, and no complaint, falls back to English. */
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { CommandResult } from './hunt-runner.ts';
import { runIn } from './program-runner.ts';

const run = (...args: string[]): Promise<CommandResult> => runIn(tmpdir(), [...args, '--lang', 'fr']);

/** Commander's English, in help and complaints. */
const ENGLISH =
  /error:|Usage:|Options:|Commands:|Arguments:|display help|output the version|default:|choices:|\[command\]|Allowed|Did you|Expected|missing|unknown|invalid/;

/** The commands a help lists, those of below too. */
async function helps(path: readonly string[]): Promise<string[]> {
  const { out } = await run(...path, '--help');
  const listed = out.split('Commandes :\n')[1]?.split('\n\n')[0] ?? '';
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  const below = await Promise.all(
    names.filter((name) => name !== 'help').map((name) => helps([...path, name])),
  );
  return [out, ...below.flat()];
}

describe('commander in French', () => {
  it('says every help in French', async () => {
    const all = await helps([]);
    expect(all.length).toBeGreaterThan(40);
    expect(all.filter((text) => ENGLISH.test(text))).toEqual([]);
    expect(all[0]).toMatch(/^Usage : vigie \[options\] \[commande\]/);
  });

  it.each([
    [['hunt', '--nothing'], 'erreur : option inconnue « --nothing »'],
    [['hunt', '--leve', 'high', 'x'], '(vouliez-vous dire --level ?)'],
    [['hunt'], 'erreur : il manque l’argument « path »'],
    [['hunt', 'x', '--level'], 'erreur : l’option « -l, --level <level> » attend une valeur'],
    [['hunt', 'x', '--level', 'huge'], '« huge » ne convient pas. Au choix : informational'],
    [['retro'], 'erreur : il manque l’option « --rules'],
    [['hnt'], 'erreur : commande inconnue « hnt »\n(vouliez-vous dire hunt ?)'],
    [['saved', 'remove', 'a', 'b'], 'trop d’arguments pour « remove » : 1 attendus au plus, 2 donnés'],
  ])('complains of %j in French', async (args, said) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
    expect(err).not.toMatch(ENGLISH);
  });

  it('stays English in English', async () => {
    const { err } = await runIn(tmpdir(), ['hunt', '--nothing', '--lang', 'en']);
    expect(err).toContain("error: unknown option '--nothing'");
  });
});
