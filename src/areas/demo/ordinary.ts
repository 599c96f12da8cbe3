/**
 * An ordinary evening and night in the invented hospital: the day staff leave, the night shift works on, services
 * and backups run. Nothing in it should set off a sane rule.
 */

import { fqdn, OUTSIDE, PEOPLE, type Person, SERVERS, SERVICE_ACCOUNTS } from './hospital.ts';
import type { Journal } from './journal.ts';
import { auditdLine, combinedLine, dicomAuditLine, fortigateLine, sambaLine, zeekLine } from './lines.ts';
import type { Chance } from './random.ts';
import { failedLogon, kerberosTicket, logoff, logon, processStart, serviceState } from './windows.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

export interface Night {
  readonly startAt: number;
  readonly endAt: number;
  readonly chance: Chance;
  readonly journal: Journal;
}

/** How busy the hospital is, from 0 to 1; hours count from the evening (the window opens about 17:00). */
function businessOf(hoursIn: number): number {
  const shape = [0.9, 0.7, 0.45, 0.3, 0.25, 0.2, 0.16, 0.14, 0.12, 0.12, 0.13, 0.16, 0.3, 0.6];
  return shape[Math.min(shape.length - 1, Math.max(0, Math.floor(hoursIn)))] ?? 0.2;
}

export function writeOrdinaryNight(night: Night): void {
  const minutes = Math.floor((night.endAt - night.startAt) / MINUTE);
  for (let minute = 0; minute < minutes; minute += 1) {
    const at = night.startAt + minute * MINUTE;
    const busy = businessOf((minute * MINUTE) / HOUR);
    staff(night, at, busy);
    machines(night, at);
    network(night, at, busy);
    portal(night, at, busy);
  }
  archive(night);
  backups(night);
}

/** A moment within the minute that begins at `at`. */
function within(chance: Chance, at: number): number {
  return at + chance.below(MINUTE);
}

function repeat(times: number, chance: Chance, act: () => void): void {
  const whole = Math.floor(times) + (chance.is(times % 1) ? 1 : 0);
  for (let index = 0; index < whole; index += 1) act();
}

/** Someone who would be at work now. */
function atWork(chance: Chance, busy: number): Person {
  const isNight = busy < 0.3 && chance.is(0.85);
  return chance.pick(PEOPLE.filter((person) => person.night === isNight));
}

const PROGRAMS = [
  ['C:\\Program Files\\Dossier Patient\\dpi.exe', '"C:\\Program Files\\Dossier Patient\\dpi.exe" /poste'],
  [
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    '"C:\\Program Files\\Mozilla Firefox\\firefox.exe" https://intranet.ch-valombre.example/',
  ],
  [
    'C:\\Program Files\\LibreOffice\\program\\swriter.exe',
    '"swriter.exe" -o "\\\\nas-01\\commun\\compte-rendu.odt"',
  ],
  ['C:\\Windows\\System32\\notepad.exe', '"C:\\Windows\\System32\\notepad.exe" notes.txt'],
  ['C:\\Program Files\\Labo\\resultats.exe', '"C:\\Program Files\\Labo\\resultats.exe" --service'],
  ['C:\\Windows\\System32\\spoolsv.exe', 'C:\\Windows\\System32\\spoolsv.exe'],
] as const;

const FOLDERS = [
  'commun/plannings',
  'radiologie/comptes-rendus',
  'pharmacie/stocks',
  'urgences/transmissions',
  'labo/qualite',
] as const;

function staff(night: Night, at: number, busy: number): void {
  const { chance, journal } = night;
  repeat(busy * 4, chance, () => {
    const person = atWork(chance, busy);
    const moment = within(chance, at);
    journal.windows(kerberosTicket(moment, person.account, person.address));
    journal.windows(
      logon({
        at: moment + 300,
        computer: person.workstation,
        account: person.account,
        address: '-',
        type: chance.is(0.7) ? 7 : 2,
      }),
    );
    journal.windows(
      logon({
        at: moment + 900,
        computer: 'SRV-DPI-01',
        account: person.account,
        address: person.address,
        type: 3,
      }),
    );
    journal.windows(logoff(moment + 40_000, 'SRV-DPI-01', person.account));
  });
  repeat(busy * 3, chance, () => {
    const person = atWork(chance, busy);
    const [image, command] = chance.pick(PROGRAMS);
    const account = person.account;
    journal.windows(
      processStart({
        at: within(chance, at),
        computer: person.workstation,
        account,
        image,
        command,
        parent: 'C:\\Windows\\explorer.exe',
      }),
    );
  });
  repeat(busy * 8, chance, () => file(night, at, atWork(chance, busy)));
  if (chance.is(busy * 0.06)) {
    const person = atWork(chance, busy);
    journal.windows(
      failedLogon({
        at: within(chance, at),
        computer: person.workstation,
        account: person.account,
        address: '127.0.0.1',
        type: 2,
      }),
    );
  }
}

/** Opening and saving; an office program saves through a renamed temporary file. */
function file(night: Night, at: number, person: Person): void {
  const { chance, journal } = night;
  const moment = within(chance, at);
  const head = [person.account, person.address, person.workstation.toLowerCase(), 'commun'];
  const name = `${chance.pick(FOLDERS)}/note-${chance.below(900)}.odt`;
  journal.line('samba', moment, sambaLine(moment, [...head, 'openat', 'ok', 'r', name]));
  if (!chance.is(0.2)) return;
  const later = moment + 2000;
  journal.line('samba', later, sambaLine(later, [...head, 'renameat', 'ok', `${name}.tmp`, name]));
}

const SERVICES = [
  'Windows Update',
  'Spouleur d’impression',
  'Service de cache de police',
  'Veeam Installer Service',
  'WMI',
] as const;

/** What machines do by themselves, day and night alike. */
function machines(night: Night, at: number): void {
  const { chance, journal } = night;
  repeat(2.5, chance, () => {
    const server = chance.pick(SERVERS);
    const account = chance.pick(SERVICE_ACCOUNTS);
    journal.windows(
      logon({ at: within(chance, at), computer: server.name, account, address: '10.20.1.40', type: 3 }),
    );
  });
  repeat(0.7, chance, () => {
    const server = chance.pick(SERVERS);
    const state = chance.is(0.5) ? 'running' : 'stopped';
    journal.windows(serviceState(within(chance, at), server.name, chance.pick(SERVICES), state));
  });
  repeat(0.5, chance, () => {
    const server = chance.pick(SERVERS);
    const image = 'C:\\Windows\\System32\\svchost.exe';
    journal.windows(
      processStart({
        at: within(chance, at),
        computer: server.name,
        account: 'SYSTEM',
        image,
        command: `${image} -k netsvcs -p -s Schedule`,
        parent: 'C:\\Windows\\System32\\services.exe',
      }),
    );
  });
  repeat(0.8, chance, () => cron(night, at));
}

function cron(night: Night, at: number): void {
  const { chance, journal } = night;
  const moment = within(chance, at);
  const serial = 400_000 + Math.floor((moment - night.startAt) / 100);
  const exe = chance.pick(['/usr/sbin/cron', '/usr/bin/php-fpm8.2', '/usr/lib/systemd/systemd']);
  const rest = `pid=${800 + chance.below(9000)} uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:session_open grantors=pam_unix acct="root" exe="${exe}" hostname=? addr=? terminal=cron res=success'`;
  journal.line('auditd', moment, auditdLine(moment, serial, 'USER_START', rest));
}

const SITES = [
  'intranet.ch-valombre.example',
  'sante.example',
  'mises-a-jour.example',
  'messagerie.example',
  'meteo.example',
  'dpi.ch-valombre.example',
] as const;

function network(night: Night, at: number, busy: number): void {
  const { chance, journal } = night;
  repeat(1.5 + busy * 10, chance, () => connection(night, at, busy));
  repeat(1 + busy * 6, chance, () => {
    const moment = within(chance, at);
    const person = atWork(chance, busy);
    const values = {
      uid: uid(chance, 'D'),
      'id.orig_h': person.address,
      'id.orig_p': 30_000 + chance.below(30_000),
      'id.resp_h': '10.20.1.5',
      'id.resp_p': 53,
      proto: 'udp',
      query: chance.pick(SITES),
      qtype_name: 'A',
      rcode_name: 'NOERROR',
      answers: OUTSIDE.health,
    };
    journal.line('dns', moment, zeekLine('dns', moment, values));
  });
  repeat(busy * 7, chance, () => {
    const moment = within(chance, at);
    const pairs = {
      logid: '0000000013',
      type: 'traffic',
      subtype: 'forward',
      level: 'notice',
      vd: 'root',
      srcip: atWork(chance, busy).address,
      srcport: 30_000 + chance.below(30_000),
      dstip: chance.pick([OUTSIDE.updates, OUTSIDE.health, OUTSIDE.mail]),
      dstport: 443,
      proto: 6,
      action: 'close',
      policyid: 12,
      service: 'HTTPS',
      sentbyte: 900 + chance.below(9000),
      rcvdbyte: 2000 + chance.below(90_000),
    };
    journal.line('fortigate', moment, fortigateLine(moment, pairs));
  });
  if (chance.is(busy * 0.1)) vpn(night, at);
}

function uid(chance: Chance, lead: string): string {
  return lead + Array.from({ length: 3 }, () => chance.below(46_656).toString(36)).join('');
}

function connection(night: Night, at: number, busy: number): void {
  const { chance, journal } = night;
  const moment = within(chance, at);
  const person = atWork(chance, busy);
  const isInside = chance.is(0.7);
  const target = isInside
    ? chance.pick(SERVERS).address
    : chance.pick([OUTSIDE.updates, OUTSIDE.health, OUTSIDE.mail]);
  const sent = 400 + chance.below(20_000);
  const received = 900 + chance.below(200_000);
  const values = {
    uid: uid(chance, 'C'),
    'id.orig_h': person.address,
    'id.orig_p': 30_000 + chance.below(30_000),
    'id.resp_h': target,
    'id.resp_p': isInside ? 445 : 443,
    proto: 'tcp',
    service: isInside ? 'smb' : 'ssl',
    duration: (chance.next() * 60).toFixed(6),
    orig_bytes: sent,
    resp_bytes: received,
    conn_state: 'SF',
    local_orig: 'T',
    local_resp: isInside ? 'T' : 'F',
    missed_bytes: 0,
    history: 'ShADadFf',
    orig_pkts: 12,
    orig_ip_bytes: sent + 600,
    resp_pkts: 30,
    resp_ip_bytes: received + 1500,
  };
  journal.line('conn', moment, zeekLine('conn', moment, values));
}

/** Those on call, from home; now and then a password is mistyped. */
function vpn(night: Night, at: number): void {
  const { chance, journal } = night;
  const moment = within(chance, at);
  const person = chance.pick(PEOPLE.slice(0, 6));
  const remip = `192.0.2.${100 + PEOPLE.indexOf(person)}`;
  const common = {
    type: 'event',
    subtype: 'vpn',
    vd: 'root',
    tunneltype: 'ssl-web',
    remip,
    user: person.account,
  };
  if (chance.is(0.2)) {
    journal.line(
      'fortigate',
      moment,
      fortigateLine(moment, {
        logid: '0101039426',
        level: 'alert',
        logdesc: 'SSL VPN login fail',
        action: 'ssl-login-fail',
        reason: 'sslvpn_login_permission_denied',
        ...common,
      }),
    );
  }
  const later = moment + 20_000;
  journal.line(
    'fortigate',
    later,
    fortigateLine(later, {
      logid: '0101039947',
      level: 'information',
      logdesc: 'SSL VPN tunnel up',
      action: 'tunnel-up',
      ...common,
    }),
  );
}

const PAGES = [
  '/',
  '/rendez-vous',
  '/rendez-vous/creneaux?service=radiologie',
  '/css/site.css',
  '/resultats/connexion',
  '/contact',
  '/img/logo.png',
  '/plan-acces',
] as const;
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1',
] as const;

function portal(night: Night, at: number, busy: number): void {
  const { chance, journal } = night;
  repeat(0.5 + busy * 5, chance, () => {
    const moment = within(chance, at);
    const address = `192.0.2.${1 + chance.below(250)}`;
    const request = {
      address,
      line: `GET ${chance.pick(PAGES)} HTTP/1.1`,
      status: chance.is(0.03) ? 404 : 200,
      bytes: 500 + chance.below(40_000),
      agent: chance.pick(AGENTS),
    };
    journal.line('portal', moment, combinedLine(moment, request));
  });
}

/** Radiologists on duty read the images of the patients who come in. */
function archive(night: Night): void {
  const { chance, journal } = night;
  const readers = PEOPLE.filter((person) => person.ward === 'radio' || person.ward === 'urg');
  for (let at = night.startAt; at < night.endAt; at += 6 * MINUTE) {
    const person = chance.pick(readers);
    const moment = within(chance, at);
    const who = { user: person.account, address: person.address };
    journal.line(
      'dicom',
      moment,
      dicomAuditLine(moment, {
        ...who,
        code: '110114',
        name: 'User Authentication',
        action: 'E',
        type: '110122',
      }),
    );
    const later = moment + 30_000;
    const patient = `IPP${100_000 + chance.below(90_000)}`;
    journal.line(
      'dicom',
      later,
      dicomAuditLine(later, {
        ...who,
        code: '110103',
        name: 'DICOM Instances Accessed',
        action: 'R',
        patient,
      }),
    );
  }
}

/** The nightly backup: a service account reads every server, one after the other. */
function backups(night: Night): void {
  const { journal } = night;
  const image = 'C:\\Program Files\\Veeam\\Backup and Replication\\Backup\\Veeam.Backup.Manager.exe';
  const begin = night.startAt + 3 * HOUR;
  const process = {
    computer: 'SRV-SAUV-01',
    account: 'svc-sauvegarde',
    image,
    parent: 'C:\\Windows\\System32\\services.exe',
  };
  SERVERS.forEach((server, index) => {
    const at = begin + index * 12 * MINUTE;
    journal.windows(
      processStart({ ...process, at, command: `"${image}" startbackupjob owner=${fqdn(server.name)}` }),
    );
    journal.windows(
      logon({
        at: at + 4000,
        computer: server.name,
        account: 'svc-sauvegarde',
        address: '10.20.1.12',
        type: 3,
      }),
    );
  });
}
