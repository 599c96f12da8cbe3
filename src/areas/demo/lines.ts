/**
 * How the demo's records are written: one function per format, from plain values to one line. The formats are those
 * of the products; nothing here knows the story.
 */
import { DOMAIN, fqdn, NAS, PORTAL } from './hospital.ts';

/** A Windows event before it takes a format. */
export interface WindowsEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly computer: string;
  readonly channel: string;
  readonly provider: string;
  readonly id: number;
  readonly data: Readonly<Record<string, string | number>>;
}

export function toIso(at: number): string {
  return new Date(at).toISOString();
}

/** Winlogbeat 8, one JSON object per line. */
export function winlogbeatLine(event: WindowsEvent, recordId: number): string {
  const data = Object.fromEntries(Object.entries(event.data).map(([name, value]) => [name, String(value)]));
  return JSON.stringify({
    '@timestamp': toIso(event.at),
    event: { code: String(event.id), kind: 'event', provider: event.provider },
    host: { name: fqdn(event.computer) },
    winlog: {
      api: 'wineventlog',
      channel: event.channel,
      computer_name: fqdn(event.computer),
      event_data: data,
      event_id: String(event.id),
      provider_name: event.provider,
      record_id: recordId,
    },
    agent: { type: 'winlogbeat', version: '8.15.0' },
  });
}

/** What the event viewer saves as XML, one event per line. */
export function eventXml(event: WindowsEvent, recordId: number): string {
  const data = Object.entries(event.data)
    .map(([name, value]) => `<Data Name='${escapeXml(name)}'>${escapeXml(String(value))}</Data>`)
    .join('');
  return (
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>` +
    `<Provider Name='${escapeXml(event.provider)}'/><EventID>${event.id}</EventID><Version>0</Version><Level>4</Level>` +
    `<TimeCreated SystemTime='${toIso(event.at)}'/><EventRecordID>${recordId}</EventRecordID>` +
    `<Channel>${escapeXml(event.channel)}</Channel><Computer>${escapeXml(fqdn(event.computer))}</Computer>` +
    `<Security/></System><EventData>${data}</EventData></Event>`
  );
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;');
}

/** FortiGate: `key=value`, text in quotes, numbers and addresses bare; `eventtime` in nanoseconds. */
export function fortigateLine(at: number, pairs: Readonly<Record<string, string | number>>): string {
  const text = Object.entries(pairs)
    .map(
      ([name, value]) =>
        `${name}=${name !== 'logid' && /^[\d.]+$/.test(String(value)) ? value : `"${value}"`}`,
    )
    .join(' ');
  const iso = toIso(at);
  const date = `date=${iso.slice(0, 10)} time=${iso.slice(11, 19)}`;
  return `<189>${date} devname="FW-PERIMETRE" devid="FGT60FTK00000001" eventtime=${at}000000 tz="+0000" ${text}`;
}

/** Samba's full_audit behind RFC 5424 syslog, prefix `%u|%I|%m|%S`. */
export function sambaLine(at: number, parts: readonly string[]): string {
  return `<30>1 ${toIso(at)} ${NAS} smbd_audit 4101 - - ${parts.join('|')}`;
}

/** Apache's combined format with the virtual host in front. */
export function combinedLine(
  at: number,
  request: { address: string; line: string; status: number; bytes: number; agent: string },
): string {
  const date = new Date(at);
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][
    date.getUTCMonth()
  ];
  const day = String(date.getUTCDate()).padStart(2, '0');
  const stamp = `${day}/${month}/${date.getUTCFullYear()}:${toIso(at).slice(11, 19)} +0000`;
  const { address, line, status, bytes, agent } = request;
  return `${PORTAL}:443 ${address} - - [${stamp}] "${line}" ${status} ${bytes} "-" "${agent}"`;
}

/** An audit message of the picture archive (DICOM PS3.15 A.5) behind RFC 5424 syslog. */
export function dicomAuditLine(
  at: number,
  audit: {
    code: string;
    name: string;
    action: string;
    type?: string;
    user: string;
    address: string;
    patient?: string;
  },
): string {
  const type =
    audit.type === undefined
      ? ''
      : `<EventTypeCode csd-code="${audit.type}" codeSystemName="DCM" originalText="Login"/>`;
  const patient =
    audit.patient === undefined
      ? ''
      : `<ParticipantObjectIdentification ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1" ParticipantObjectID="${audit.patient}"><ParticipantObjectIDTypeCode csd-code="2" codeSystemName="RFC-3881" originalText="Patient Number"/></ParticipantObjectIdentification>`;
  return (
    `<85>1 ${toIso(at)} srv-pacs-01 pacs 812 IHE+DICOM - <AuditMessage>` +
    `<EventIdentification EventActionCode="${audit.action}" EventDateTime="${toIso(at)}" EventOutcomeIndicator="0">` +
    `<EventID csd-code="${audit.code}" codeSystemName="DCM" originalText="${audit.name}"/>${type}</EventIdentification>` +
    `<ActiveParticipant UserID="${audit.user}" UserIsRequestor="true" NetworkAccessPointID="${audit.address}" NetworkAccessPointTypeCode="2"/>` +
    `<AuditSourceIdentification AuditSourceID="PACS-VALOMBRE"/>${patient}</AuditMessage>`
  );
}

/** One record of the Linux audit daemon. */
export function auditdLine(at: number, serial: number, type: string, rest: string): string {
  return `type=${type} msg=audit(${(at / 1000).toFixed(3)}:${serial}): ${rest}`;
}

const ZEEK_CONN = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
  ['proto', 'enum'],
  ['service', 'string'],
  ['duration', 'interval'],
  ['orig_bytes', 'count'],
  ['resp_bytes', 'count'],
  ['conn_state', 'string'],
  ['local_orig', 'bool'],
  ['local_resp', 'bool'],
  ['missed_bytes', 'count'],
  ['history', 'string'],
  ['orig_pkts', 'count'],
  ['orig_ip_bytes', 'count'],
  ['resp_pkts', 'count'],
  ['resp_ip_bytes', 'count'],
] as const;

const ZEEK_DNS = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
  ['proto', 'enum'],
  ['query', 'string'],
  ['qtype_name', 'string'],
  ['rcode_name', 'string'],
  ['answers', 'vector[string]'],
] as const;

const ZEEK = { conn: ZEEK_CONN, dns: ZEEK_DNS } as const;

/** The head of a Zeek TSV log. */
export function zeekHead(log: 'conn' | 'dns'): string[] {
  const columns = ZEEK[log];
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${log}`,
    `#fields\t${columns.map(([name]) => name).join('\t')}`,
    `#types\t${columns.map(([, type]) => type).join('\t')}`,
  ];
}

/** One row; what is not given is unset. */
export function zeekLine(
  log: 'conn' | 'dns',
  at: number,
  values: Readonly<Record<string, string | number>>,
): string {
  const all: Readonly<Record<string, string | number>> = { ...values, ts: (at / 1000).toFixed(6) };
  return ZEEK[log].map(([name]) => String(all[name] ?? '-')).join('\t');
}

/** `DOMAIN\account`, as Windows writes people. */
export function domainUser(account: string): string {
  return `${DOMAIN}\\${account}`;
}
