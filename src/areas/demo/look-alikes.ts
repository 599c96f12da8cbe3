/** What resembles an attack and is none: an administrator's evening, the antivirus, deployments, forgotten passwords. */
import { ADMIN, NAS, PEOPLE } from './hospital.ts';
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

const SYSTEM32 = 'C:\\Windows\\System32\\';
const ADMIN_ADDRESS = '10.20.1.90';

/** Machine, program and command, a quarter of an hour apart. */
const COMMANDS = [
  ['SRV-FIC-02', `${SYSTEM32}vssadmin.exe`, 'vssadmin.exe list shadows'],
  ['SRV-SAUV-01', `${SYSTEM32}vssadmin.exe`, 'vssadmin list writers'],
  ['SRV-SAUV-01', `${SYSTEM32}sc.exe`, 'sc.exe query VeeamBackupSvc'],
  ['SRV-LABO-01', `${SYSTEM32}net.exe`, 'net stop Spooler'],
  ['SRV-LABO-01', `${SYSTEM32}net.exe`, 'net start Spooler'],
  ['SRV-FIC-02', `${SYSTEM32}Robocopy.exe`, 'robocopy D:\\Commun \\\\SRV-SAUV-01\\miroir /MIR /R:1'],
  ['SRV-DPI-01', 'C:\\Program Files\\7-Zip\\7z.exe', '7z.exe a D:\\Traces\\dpi.zip D:\\Traces\\*.log'],
  ['SRV-AD-01', `${SYSTEM32}whoami.exe`, 'whoami /groups'],
  ['SRV-AD-01', `${SYSTEM32}bcdedit.exe`, 'bcdedit /enum'],
  ['SRV-PACS-01', `${SYSTEM32}wevtutil.exe`, 'wevtutil qe System /c:20 /f:text /rd:true'],
] as const;

export function writeLookAlikes(night: Night): void {
  administrate(night);
  scanAndDeploy(night);
  forgetPasswords(night);
  supervise(night);
}

function administrate({ startAt, chance, journal }: Night): void {
  COMMANDS.forEach(([computer, image, command], index) => {
    const at = startAt + (10 + index * 15) * MINUTE + chance.below(MINUTE);
    const who = { computer, account: ADMIN };
    journal.windows(logon({ ...who, at: at - MINUTE, address: ADMIN_ADDRESS, type: 10 }));
    journal.windows(processStart({ ...who, at, image, command, parent: `${SYSTEM32}cmd.exe` }));
  });
}

/** The antivirus looks into LSASS; an update installs its service; the deployment tool writes over admin shares. */
function scanAndDeploy({ startAt, endAt, chance, journal }: Night): void {
  const scanner = 'C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.26090.5-0\\MsMpEng.exe';
  for (let at = startAt; at < endAt; at += 6 * MINUTE) {
    const computer = chance.pick(PEOPLE).workstation;
    journal.windows(
      processOpened({ at: at + chance.below(MINUTE), computer, source: scanner, access: '0x1010' }),
    );
  }
  const updater = '"C:\\Program Files (x86)\\Google\\GoogleUpdater\\updater.exe" --system --service=update';
  journal.windows(serviceInstalled(startAt + 95 * MINUTE, 'SRV-DPI-01', 'GoogleUpdaterService', updater));
  const share = { account: 'SRV-DEPLOIE-01$', address: '10.20.1.70', share: '\\\\*\\ADMIN$' };
  ['SRV-LABO-01', 'SRV-PHARMA-01', 'SRV-DPI-01'].forEach((computer, index) => {
    const at = startAt + (140 + index) * MINUTE;
    journal.windows(shareFileAccess({ ...share, at, computer, file: 'ccmsetup\\ccmsetup.exe' }));
  });
  for (let at = startAt + 5 * MINUTE; at < endAt; at += 9 * MINUTE) {
    const { account, workstation: computer } = chance.pick(PEOPLE);
    const image = 'C:\\Program Files\\LibreOffice\\program\\soffice.bin';
    const file = `C:\\Users\\${account}\\Documents\\transmissions-${chance.below(900)}.odt`;
    journal.windows(fileWritten({ at, computer, account, image, file }));
  }
}

/** A few wrong passwords, then the right one; and a telephone that keeps an old password all night. */
function forgetPasswords({ startAt, endAt, chance, journal }: Night): void {
  for (let at = startAt; at < endAt; at += 40 * MINUTE) {
    const { account, address } = chance.pick(PEOPLE);
    const who = { computer: 'SRV-DPI-01', account, address, type: 3 };
    const slips = 1 + chance.below(4);
    for (let slip = 0; slip < slips; slip += 1)
      journal.windows(failedLogon({ ...who, at: at + slip * 5000 }));
    journal.windows(logon({ ...who, at: at + slips * 5000 + 4000 }));
  }
  const telephone = { computer: 'SRV-AD-01', account: 'wgautier', address: '10.20.9.31', type: 3 };
  for (let at = startAt; at < endAt; at += 12 * MINUTE) journal.windows(failedLogon({ ...telephone, at }));
}

/** The supervision server looks at the file server over SSH. */
function supervise({ startAt, endAt, chance, journal }: Night): void {
  for (let at = startAt; at < endAt; at += 10 * MINUTE) {
    const port = 40_000 + chance.below(20_000);
    const head = (moment: number): string => `<86>1 ${new Date(moment).toISOString()} ${NAS} sshd 2231 - -`;
    const key = 'ED25519 SHA256:4Zr0VigieDemoOnlyNotARealKeyFingerprint0000';
    journal.line(
      'sshd',
      at,
      `${head(at)} Accepted publickey for supervision from 10.20.1.60 port ${port} ssh2: ${key}`,
    );
    const later = at + 1500;
    journal.line('sshd', later, `${head(later)} pam_unix(sshd:session): session closed for user supervision`);
  }
}
