/** The Windows events both the ordinary night and the story are made of, as their providers write them. */
import { DOMAIN } from './hospital.ts';
import { domainUser, type WindowsEvent } from './lines.ts';

const SECURITY = { channel: 'Security', provider: 'Microsoft-Windows-Security-Auditing' } as const;
const SYSMON = {
  channel: 'Microsoft-Windows-Sysmon/Operational',
  provider: 'Microsoft-Windows-Sysmon',
} as const;

export interface Logon {
  readonly at: number;
  readonly computer: string;
  readonly account: string;
  readonly address: string;
  /** 2 at the keyboard, 3 network, 5 service, 7 unlock, 10 remote desktop. */
  readonly type: number;
}

export function logon(event: Logon): WindowsEvent {
  const { at, computer, account, address, type } = event;
  const data = {
    SubjectUserName: '-',
    TargetUserName: account,
    TargetDomainName: DOMAIN,
    TargetLogonId: `0x${(at % 0xfffffff).toString(16)}`,
    LogonType: type,
    LogonProcessName: type === 3 ? 'Kerberos' : 'User32 ',
    AuthenticationPackageName: type === 3 ? 'Kerberos' : 'Negotiate',
    WorkstationName: computer,
    IpAddress: address,
    IpPort: address === '-' ? '-' : '49712',
  };
  return { ...SECURITY, at, computer, id: 4624, data };
}

export function failedLogon(event: Logon): WindowsEvent {
  const { at, computer, account, address, type } = event;
  const data = {
    SubjectUserName: '-',
    TargetUserName: account,
    TargetDomainName: DOMAIN,
    Status: '0xc000006d',
    SubStatus: '0xc000006a',
    LogonType: type,
    WorkstationName: computer,
    IpAddress: address,
  };
  return { ...SECURITY, at, computer, id: 4625, data };
}

export function logoff(at: number, computer: string, account: string): WindowsEvent {
  const data = { TargetUserName: account, TargetDomainName: DOMAIN, TargetLogonId: '0x3e7a1', LogonType: 3 };
  return { ...SECURITY, at, computer, id: 4634, data };
}

export function kerberosTicket(at: number, account: string, address: string): WindowsEvent {
  const data = {
    TargetUserName: account,
    TargetDomainName: DOMAIN,
    ServiceName: 'krbtgt',
    TicketOptions: '0x40810010',
    Status: '0x0',
    TicketEncryptionType: '0x12',
    PreAuthType: '2',
    IpAddress: `::ffff:${address}`,
  };
  return { ...SECURITY, at, computer: 'SRV-AD-01', id: 4768, data };
}

export interface Process {
  readonly at: number;
  readonly computer: string;
  readonly account: string;
  readonly image: string;
  readonly command: string;
  readonly parent: string;
}

/** A process as Sysmon (event 1) tells it. */
export function processStart(event: Process): WindowsEvent {
  const { at, computer, account, image, command, parent } = event;
  const data = {
    RuleName: '-',
    UtcTime: new Date(at).toISOString().replace('T', ' ').replace('Z', ''),
    ProcessId: 2000 + (at % 6000),
    Image: image,
    OriginalFileName: image.slice(image.lastIndexOf('\\') + 1),
    CommandLine: command,
    CurrentDirectory: 'C:\\Windows\\system32\\',
    User: account === 'SYSTEM' ? 'NT AUTHORITY\\SYSTEM' : domainUser(account),
    IntegrityLevel: account === 'SYSTEM' ? 'System' : 'Medium',
    ParentImage: parent,
    ParentCommandLine: parent,
  };
  return { ...SYSMON, at, computer, id: 1, data };
}

export function serviceInstalled(at: number, computer: string, name: string, image: string): WindowsEvent {
  const data = {
    ServiceName: name,
    ImagePath: image,
    ServiceType: 'user mode service',
    StartType: 'demand start',
    AccountName: 'LocalSystem',
  };
  return { at, computer, channel: 'System', provider: 'Service Control Manager', id: 7045, data };
}

/** A service changed its state, the commonest line of the System log. */
export function serviceState(at: number, computer: string, name: string, state: string): WindowsEvent {
  return {
    at,
    computer,
    channel: 'System',
    provider: 'Service Control Manager',
    id: 7036,
    data: { param1: name, param2: state },
  };
}

export function logCleared(at: number, computer: string, account: string): WindowsEvent {
  const data = { SubjectUserName: account, SubjectDomainName: DOMAIN };
  return { at, computer, channel: 'Security', provider: 'Microsoft-Windows-Eventlog', id: 1102, data };
}

export interface FileWritten {
  readonly at: number;
  readonly computer: string;
  readonly account: string;
  readonly image: string;
  readonly file: string;
}

/** A file created, as Sysmon (event 11) tells it. */
export function fileWritten(event: FileWritten): WindowsEvent {
  const { at, computer, account, image, file } = event;
  const data = { RuleName: '-', Image: image, TargetFilename: file, User: domainUser(account) };
  return { ...SYSMON, at, computer, id: 11, data };
}

export interface ProcessOpened {
  readonly at: number;
  readonly computer: string;
  readonly source: string;
  /** Rights asked for, in hexadecimal. */
  readonly access: string;
}

/** A program opened the process that keeps the passwords, as Sysmon (event 10) tells it. */
export function processOpened(event: ProcessOpened): WindowsEvent {
  const { at, computer, source, access } = event;
  const data = {
    SourceImage: source,
    TargetImage: 'C:\\Windows\\system32\\lsass.exe',
    GrantedAccess: access,
    CallTrace: 'C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2bcbe',
  };
  return { ...SYSMON, at, computer, id: 10, data };
}

export interface ShareFileAccess {
  readonly at: number;
  readonly computer: string;
  readonly account: string;
  readonly address: string;
  readonly share: string;
  readonly file: string;
}

/** A file written over a share (Security 5145; %%4417 is WriteData). */
export function shareFileAccess(event: ShareFileAccess): WindowsEvent {
  const { at, computer, account, address, share, file } = event;
  const data = {
    SubjectUserName: account,
    SubjectDomainName: DOMAIN,
    ObjectType: 'File',
    IpAddress: address,
    IpPort: '50122',
    ShareName: share,
    RelativeTargetName: file,
    AccessMask: '0x2',
    AccessList: '%%4417',
  };
  return { ...SECURITY, at, computer, id: 5145, data };
}
