/** Commander's own words in French: no command's help, and no complaint, falls back to English. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CommandResult } from './hunt-runner.ts';
import { runIn } from './program-runner.ts';

const data = mkdtempSync(path.join(tmpdir(), 'vigie-spoken-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));
const run = (...args: string[]): Promise<CommandResult> => runIn(data, [...args, '--lang', 'fr']);

/** Commander's English, in help and complaints. */
const ENGLISH =
  /error:|Usage:|Options:|Commands:|Arguments:|display help|output the version|default:|choices:|\[command\]|Allowed|Did you|Expected|missing|unknown|invalid/;

/** The commands a help lists, those of below too. */
async function helps(above: readonly string[]): Promise<string[]> {
  const { out } = await run(...above, '--help');
  const listed = out.split('Commandes :\n')[1]?.split('\n\n')[0] ?? '';
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  const below = await Promise.all(
    names.filter((name) => name !== 'help').map((name) => helps([...above, name])),
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

  it.each([
    [['hunt', 'x', '--output', '/nowhere/out'], '/nowhere/out : ce fichier ou ce dossier n’existe pas'],
    [['inventory', 'import', '/nowhere.csv'], '/nowhere.csv : ce fichier ou ce dossier n’existe pas'],
    [['intel', 'import', '/nowhere.csv'], 'import "/nowhere.csv": ce fichier ou dossier n’existe pas'],
    [['journal', 'verify', '--anchor', '/nowhere'], '/nowhere : ce fichier ou ce dossier n’existe pas'],
    [['journal', 'show', '--last', '0'], '--last « 0 » : un nombre de 1 à'],
    [['demo', '--seed', 'x'], '--seed « x » : attendu un nombre entier'],
    [['token', 'create', 'a', '--scope', 'ingest', '--expires', 'soon'], '« soon » : attendu 90d'],
  ])('says in French what is wrong with %j', async (args, said) => {
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(said) });
  });

  it('stays English in English', async () => {
    const { err } = await runIn(tmpdir(), ['hunt', '--nothing', '--lang', 'en']);
    expect(err).toContain("error: unknown option '--nothing'");
  });
});
