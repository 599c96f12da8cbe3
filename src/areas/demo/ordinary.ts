/**
 * An ordinary evening and night in the invented hospital: the day staff leave, the night shift works on, services
 * and backups run. Nothing in it should set off a sane rule.
 */

import { fqdn, PEOPLE, type Person, SERVERS, SERVICE_ACCOUNTS } from './hospital.ts';
import { auditdLine, dicomAuditLine, sambaLine } from './lines.ts';
import { atWork, MINUTE, type Night, repeat, within } from './night.ts';
import { network, portal } from './ordinary-network.ts';
import { failedLogon, kerberosTicket, logoff, logon, processStart, serviceState } from './windows.ts';

const HOUR = 3_600_000;

/** How busy the hospital is, from 0 to 1; hours count from the evening (the window opens about 17:00). */
function businessOf(hoursIn: number): number {
  const shape = [0.95, 0.8, 0.55, 0.35, 0.28, 0.22, 0.17, 0.14, 0.12, 0.12, 0.13, 0.15, 0.22, 0.45, 0.75];
  const hour = Math.min(shape.length - 2, Math.max(0, Math.floor(hoursIn)));
  const before = shape[hour] ?? 0.2;
  const after = shape[hour + 1] ?? before;
  return before + (after - before) * (hoursIn - hour);
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
