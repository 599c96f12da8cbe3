/** Inventory on a real SQLite store: files as hospitals have them, identity, dry run, undo, sightings, export. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../model/access.ts';
import type { InventoryItem } from '../../model/live/inventory.ts';
import type { RecordStore } from '../../model/live/record-store.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { openRecordStore } from '../../store/index.ts';
import {
  createInventoryIndex,
  exportInventory,
  type ImportResult,
  importInventory,
  listCandidates,
  recordSightings,
  undoImport,
} from './index.ts';

const ALICE: Actor = { kind: 'os', name: 'alice' };
let folder: string;
let store: RecordStore;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigie-inventory-'));
  store = await openRecordStore({ kind: 'sqlite', file: path.join(folder, 'record.db') }, { clock });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function importText(text: string | Uint8Array, options: object = {}): Promise<ImportResult> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return importInventory({ store, clock }, ALICE, bytes, { file: 'f', isDryRun: false, ...options });
}

async function keysOf(name: string): Promise<string[]> {
  const item = (await store.inventory.items()).find((one) => one.name === name);
  return (item?.keys ?? []).map((key) => `${key.kind}:${key.value}`);
}

const MACHINES_FR = [
  'Nom du poste;Adresse IP;Catégorie;Criticité;Service;Responsable;N° de série',
  'PC-URG-01;10.1.0.1;Poste de travail;Haute;Urgences;M. Martin;AB1',
  'SRV-DPI;10.1.0.2;Serveur;Vitale;DSI;"Équipe ""DPI""";AB2',
  'PC-BAD;10.1.0.999;PC;Haute;Urgences;;',
  'IRM-1;10.1.0.3;IRM;inconnue;Imagerie;;',
  ';;;;;;',
  'ECHO-1;10.1.0.4;Échographe;;Imagerie;;AB4',
].join('\r\n');

describe('CSV', () => {
  it('reads French columns and values, names bad lines, and takes the others', async () => {
    const result = await importText(MACHINES_FR);
    expect(result).toMatchObject({ created: 3, refused: 3 });
    expect(result.issues.map((issue) => [issue.code, issue.place.line, issue.params?.value])).toEqual([
      ['INVENTORY_VALUE', 4, '10.1.0.999'],
      ['INVENTORY_VALUE', 5, 'inconnue'],
      ['INVENTORY_NAMELESS', 6, undefined],
    ]);
    const items = await store.inventory.items();
    expect(items.find((item) => item.name === 'SRV-DPI')).toMatchObject({
      type: 'asset',
      kind: 'server',
      criticality: 'vital',
      ward: 'DSI',
      owner: 'Équipe "DPI"',
    });
    expect(await keysOf('ECHO-1')).toEqual(['host:echo-1', 'address:10.1.0.4', 'serial:ab4']);
    expect((await store.journal.last(1))[0]).toMatchObject({ action: 'inventory.imported', actor: ALICE });
  });

  it('reads English columns, Windows-1252 and UTF-16', async () => {
    await importText('hostname,ip address,type,criticality\nlab-1,10.2.0.1,Laboratory,low\n', {
      type: 'asset',
    });
    const latin = Buffer.from('Nom;Adresse IP;Service\nPompe-1;10.2.0.2;Réanimation\n', 'latin1');
    await importText(latin);
    const wide = Buffer.from(`\ufeffMachine\tAdresse IP\nCaméra\t10.2.0.3\n`, 'utf16le');
    expect((await importText(wide)).issues[0]?.params?.value).toBe('Caméra');
    expect((await store.inventory.items()).find((item) => item.name === 'Pompe-1')?.ward).toBe('Réanimation');
  });

  it('survives a quote nobody closed and too many cells', async () => {
    const { created, refused } = await importText('host,notes\na,"open\nb,ok\nc,d,e,f\nd,last\n');
    expect(created + refused).toBeGreaterThanOrEqual(4);
    expect(await keysOf('d')).toEqual(['host:d']);
  });

  it('takes columns named by the person, and says when none can be used', async () => {
    const text = 'Réf;Truc\nX1;pc-7\n';
    const unmapped = await importText(text.replace('Réf', 'Zzz'));
    expect(unmapped).toMatchObject({ created: 0, issues: [{ code: 'INVENTORY_HEADER' }] });
    expect(await importText(text, { map: ['truc=host'] })).toMatchObject({ created: 1 });
    expect(await importText(text, { map: ['nothing=host'] })).toMatchObject({
      issues: [{ code: 'INVENTORY_MAP' }],
    });
  });
});

describe('identity', () => {
  it('takes a short name, an FQDN and an address for one machine', async () => {
    await importText('host,ip\npc-12,10.0.0.12\n');
    expect(await importText('fqdn,model\nPC-12.chu.example,OptiPlex\n')).toMatchObject({
      created: 0,
      updated: 1,
    });
    expect(await keysOf('pc-12')).toEqual(['host:pc-12', 'fqdn:pc-12.chu.example', 'address:10.0.0.12']);
    await importText('address,kind\n::ffff:10.0.0.12,pc\n');
    expect(await store.inventory.items()).toHaveLength(1);
  });

  it('keeps machines of the same short name in two domains apart', async () => {
    await importText('fqdn\nsrv.a.example\nsrv.b.example\n');
    expect(await store.inventory.items()).toHaveLength(2);
    expect(await importText('host\nsrv\n')).toMatchObject({ issues: [{ code: 'INVENTORY_CONFLICT_ITEMS' }] });
  });

  it(String.raw`takes DOMAIN\user, user@domain and a SID for one person`, async () => {
    await importText('Prénom;Nom;Compte;SID\nMarie;Dupont;CHU\\mdupont;S-1-5-21-1-2-3-1001\n');
    await importText('nom;upn\nDupont Marie;mdupont@chu.example\n');
    await importText('nom;sid;email\nDupont M.;S-1-5-21-1-2-3-1001;marie.dupont@chu.example\n');
    await importText('nom;login;fonction\nmdupont;mdupont;Infirmière\n');
    const items = await store.inventory.items();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ type: 'person', name: 'Dupont M.', details: { title: 'Infirmière' } });
    await importText('login;nom\nLABO\\mdupont;Autre Personne\n');
    expect(await store.inventory.items()).toHaveLength(2);
  });

  it('reports contradictions and takes nothing away from anybody', async () => {
    await importText('host,ip,serial\na,10.0.0.1,s1\nb,10.0.0.2,s2\n');
    const result = await importText('host,ip,serial\nc,10.0.0.1,\nd,10.0.0.9,s1\nx.chu.example,,s1;s2\n');
    expect(result.issues.map((issue) => issue.code)).toEqual([
      'INVENTORY_CONFLICT_KEY',
      'INVENTORY_CONFLICT_ITEMS',
    ]);
    expect(await keysOf('c')).toEqual(['host:c']);
    expect(await keysOf('b')).toEqual(['host:b', 'address:10.0.0.2', 'serial:s2']);
  });
});

describe('directory exports', () => {
  const sid = Buffer.from('010500000000000515000000010000000200000003000000e9030000', 'hex');
  const ldif = [
    'version: 1',
    '',
    'dn: CN=PC-12,OU=Postes,DC=chu,DC=example',
    'changetype: add',
    'objectClass: top',
    'objectClass: computer',
    'cn: PC-12',
    'sAMAccountName: PC-12$',
    'dNSHostName: pc-12.chu.example',
    'operatingSystem: Windows 11 Ent',
    ' reprise',
    '',
    '# a person',
    `dn:: ${Buffer.from('CN=Élodie Durand,OU=Réa,DC=chu,DC=example').toString('base64')}`,
    'objectClass: user',
    `cn:: ${Buffer.from('Élodie Durand').toString('base64')}`,
    'sAMAccountName: edurand',
    `objectSid:: ${sid.toString('base64')}`,
    'userAccountControl: 514',
    'department: Réanimation',
    'jpegPhoto:< file:///etc/passwd',
    'adminCount: 1',
    '',
    'dn: CN=Groupe,DC=chu,DC=example',
    'objectClass: group',
    '',
  ].join('\n');

  it('reads LDIF: folded lines, base64, binary SIDs; never fetches', async () => {
    const result = await importText(ldif);
    expect(result).toMatchObject({ created: 2, refused: 1, passedOver: 1 });
    expect(result.issues[0]).toMatchObject({ code: 'INVENTORY_LINE', place: { line: 21 } });
    const items = await store.inventory.items();
    expect(items.find((item) => item.type === 'asset')).toMatchObject({
      name: 'PC-12',
      kind: 'workstation',
      details: { system: 'Windows 11 Entreprise' },
    });
    expect(items.find((item) => item.type === 'person')).toMatchObject({
      name: 'Élodie Durand',
      ward: 'Réanimation',
      isPrivileged: true,
      isEnabled: false,
    });
    expect(await keysOf('Élodie Durand')).toEqual(['sid:S-1-5-21-1-2-3-1001', 'upn:edurand@chu.example']);
  });

  it('reads CSVDE and finds the same people', async () => {
    await importText(ldif);
    const csvde = [
      'DN,objectClass,cn,sAMAccountName,objectSid,title',
      `"CN=Élodie Durand,OU=Réa,DC=chu,DC=example",top;person;user,Élodie Durand,edurand,X'${sid.toString('hex')}',Médecin`,
      '"CN=g,DC=chu,DC=example",top;group,g,g,,',
    ].join('\r\n');
    expect(await importText(csvde)).toMatchObject({ created: 0, updated: 1, passedOver: 1 });
  });
});

describe('imports', () => {
  it('in a dry run say the same and write nothing', async () => {
    const dry = await importText(MACHINES_FR, { isDryRun: true });
    expect(dry).toMatchObject({ id: undefined, created: 3, refused: 3 });
    expect(await store.inventory.items()).toEqual([]);
    expect((await store.journal.head()).seq).toBe(0);
  });

  it('twice change nothing the second time', async () => {
    await importText(MACHINES_FR);
    expect(await importText(MACHINES_FR)).toMatchObject({
      id: undefined,
      created: 0,
      updated: 0,
      unchanged: 3,
    });
    expect((await store.journal.head()).seq).toBe(1);
  });

  it('are undone: created items go, changed ones are as before, later changes are kept', async () => {
    await importText('host,ward\na,Urgences\nb,Urgences\n');
    const before = await store.inventory.items();
    const { id } = await importText('host,ward\na,Bloc\nb,Bloc\nc,Bloc\n');
    await importText('host,owner\nb,Martin\n');
    const undone = await undoImport({ store, clock }, ALICE, id ?? '');
    expect(undone).toMatchObject({ removed: 1, restored: 1, issues: [{ code: 'INVENTORY_CHANGED_SINCE' }] });
    const items = await store.inventory.items();
    expect(items[0]).toEqual(before[0]);
    expect(items[1]).toMatchObject({ name: 'b', ward: 'Bloc', owner: 'Martin' });
    expect(items).toHaveLength(2);
    await expect(undoImport({ store, clock }, ALICE, id ?? '')).rejects.toMatchObject({
      issue: { code: 'INVENTORY_IMPORT_UNKNOWN' },
    });
  });

  it('read back what was exported to the same items', async () => {
    await importText(MACHINES_FR);
    await importText('compte;nom;email\nCHU\\a;=Anne;a@chu.example\n');
    await importText('service;criticité\nRéanimation;vitale\n');
    const items = await store.inventory.items();
    const csv = [...exportInventory(items)].join('');
    const again = await openRecordStore({ kind: 'sqlite', file: path.join(folder, 'again.db') }, { clock });
    const bytes = new TextEncoder().encode(csv);
    await importInventory({ store: again, clock }, ALICE, bytes, { file: 'e', isDryRun: false });
    const bare = (all: readonly InventoryItem[]): object[] => all.map(({ id: _id, ...item }) => item);
    expect(bare(await again.inventory.items())).toEqual(bare(items));
    await again.close();
  });
});

describe('look-up and sightings', () => {
  it('finds hosts, addresses and people by any of their names, with criticality for care', async () => {
    await importText('service;criticité\nRéanimation;vitale\n');
    await importText('fqdn;ip;service\nrespi-1.chu.example;10.3.0.1;REANIMATION\n');
    await importText('nom;compte;admin\nDupont;CHU\\mdupont;oui\n');
    const index = createInventoryIndex(await store.inventory.items());
    const host = index.host('RESPI-1');
    expect(host).toMatchObject({ criticality: 'vital', ward: 'Réanimation' });
    expect(index.host('respi-1.chu.example.')).toBe(host);
    expect(index.host('respi-1.autre.example')).toBeUndefined();
    expect(index.address('::ffff:10.3.0.1')).toBe(host);
    expect(index.user('mdupont')).toMatchObject({ name: 'Dupont', isPrivileged: true });
    expect(index.user('mdupont@chu.example')).toBe(index.user('chu\\MDUPONT'));
    expect(index.user('LABO\\mdupont')).toBeUndefined();
    expect(index.host('10.3.0.1')).toBeUndefined();
  });

  it('makes candidates of unknown names, not items', async () => {
    await importText('host\nknown\n');
    const seen = { firstSeenAtMillis: 1000, lastSeenAtMillis: 2000, events: 5 };
    const name = (text: string, kind: 'host' | 'address' | 'user' = 'host') => ({
      kind,
      name: text,
      ...seen,
    });
    await recordSightings(store, [
      name('KNOWN'),
      name('new-1'),
      name('10.9.9.9', 'address'),
      name('bad name!'),
    ]);
    await recordSightings(store, [{ ...name('new-1'), firstSeenAtMillis: 500, lastSeenAtMillis: 1500 }]);
    const candidates = await listCandidates(store);
    expect(candidates.map((one) => one.key.value).sort()).toEqual(['10.9.9.9', 'new-1']);
    expect(candidates.find((one) => one.key.value === 'new-1')).toMatchObject({
      firstSeenAtMillis: 500,
      lastSeenAtMillis: 2000,
      events: 10,
    });
    expect(await store.inventory.items()).toHaveLength(1);
    const all = (await store.inventory.sightings()).length;
    expect(await store.inventory.forget(seen.lastSeenAtMillis)).toBe(0);
    expect(await store.inventory.forget(seen.lastSeenAtMillis + 1)).toBe(all);
  });
});
