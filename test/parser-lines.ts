/**
 * The corpus `parser_lines` as our sources see it: what its expectations are called here, and what stands around
 * messages that the corpus gives without their frame. Data, written by us.
 */

/** How an expected value is made comparable with ours. */
export type Spelling = 'plain' | 'lower' | 'time' | 'action' | 'code' | 'priority';

export interface Equivalent {
  /** Our names, the first that has a value counts. */
  readonly to: readonly string[];
  readonly as?: Spelling;
}

const same = (...names: readonly string[]): Record<string, Equivalent> =>
  Object.fromEntries(names.map((name) => [name, { to: [name] }]));
const all = (equivalent: Equivalent, ...names: readonly string[]): Record<string, Equivalent> =>
  Object.fromEntries(names.map((name) => [name, equivalent]));

/** Names of the corpus, both of its ECS and of its older spelling. What is not here has no equivalent in ECS. */
export const EQUIVALENTS: Readonly<Record<string, Equivalent>> = {
  ...same(
    'source.ip',
    'source.port',
    'source.bytes',
    'source.packets',
    'source.nat.ip',
    'source.nat.port',
    'destination.ip',
    'destination.port',
    'destination.bytes',
    'destination.packets',
    'destination.nat.ip',
    'destination.nat.port',
    'observer.ingress.interface.name',
    'observer.egress.interface.name',
    'event.reason',
    'event.code',
    'dns.question.name',
    'dns.question.type',
    'dns.response_code',
    'dns.id',
    'http.request.method',
    'http.request.referrer',
    'http.version',
    'http.response.status_code',
    'url.original',
    'url.path',
    'url.domain',
    'user_agent.original',
    'log.level',
    'error.code',
    'process.name',
    'process.pid',
    'process.thread.id',
    'client.ip',
    'server.ip',
    'file.size',
    'file.mime_type',
    'tls.cipher',
  ),
  ...all({ to: ['source.mac'], as: 'lower' }, 'source.mac', 'nf_src_mac'),
  ...all({ to: ['destination.mac'], as: 'lower' }, 'destination.mac', 'nf_dst_mac'),
  ...all({ to: ['source.ip'] }, 'src_ip', 'nf_src_ip'),
  ...all({ to: ['source.port'] }, 'src_port', 'nf_src_port'),
  ...all({ to: ['destination.ip'] }, 'dst_ip', 'nf_dst_ip'),
  ...all({ to: ['destination.port'] }, 'dst_port', 'nf_dst_port'),
  ...all({ to: ['source.address', 'source.ip', 'source.domain'] }, 'source.address'),
  ...all({ to: ['destination.address', 'destination.ip', 'destination.domain'] }, 'destination.address'),
  ...all({ to: ['host.hostname', 'host.name'] }, 'host.hostname', 'logsource', 'sysloghost', 'nf_host'),
  ...all({ to: ['user.name', 'source.user.name'] }, 'user.name', 'source.user.name', 'auth'),
  ...all(
    { to: ['network.transport'], as: 'lower' },
    'network.transport',
    'cisco.asa.network.transport',
    'nf_protocol',
  ),
  ...all({ to: ['network.protocol'], as: 'lower' }, 'network.protocol'),
  ...all({ to: ['network.direction'], as: 'lower' }, 'cisco.asa.network.direction', 'direction'),
  ...all({ to: ['rule.name'] }, 'cisco.asa.rule_name', 'policy_id'),
  ...all({ to: ['event.action'], as: 'action' }, 'cisco.asa.outcome'),
  ...all({ to: ['event.action'], as: 'lower' }, 'event.action'),
  ...all({ to: ['event.code'], as: 'code' }, 'cisco.asa.tag', 'ciscotag'),
  ...all({ to: ['group.name', 'source.user.group.name'] }, 'cisco.asa.source.group', 'group'),
  ...all({ to: ['observer.ingress.interface.name'] }, 'src_interface', 'nf_in_interface'),
  ...all(
    { to: ['observer.egress.interface.name', 'observer.ingress.interface.name'] },
    'interface',
    'nf_out_interface',
  ),
  // Facility times eight plus severity: we give the two.
  ...all({ to: ['log.syslog.severity.code'], as: 'priority' }, 'syslog_pri', 'log.syslog.priority'),
  ...all({ to: ['log.level'] }, 'loglevel'),
  ...all({ to: ['process.pid'] }, 'pid'),
  ...all({ to: ['http.request.method'] }, 'verb'),
  ...all({ to: ['http.version'] }, 'httpversion'),
  ...all({ to: ['http.response.body.bytes', 'http.response.bytes'] }, 'http.response.body.bytes'),
  ...all({ to: ['http.response.status_code'] }, 'status_code'),
  ...all({ to: ['url.original'] }, 'request'),
  ...all({ to: ['time'], as: 'time' }, 'timestamp', 'ts'),
};

/** Where we say something else on purpose: not counted. */
export const DISAGREEMENTS: readonly {
  readonly pattern: string;
  readonly names: readonly string[];
  readonly why: string;
}[] = [
  {
    pattern: 'CISCOFW302013',
    names: ['source', 'observer'],
    why: 'an outbound connection is begun by the side named second',
  },
  {
    pattern: 'CISCOFW302020',
    names: ['source.ip', 'source.nat', 'destination'],
    why: 'an inbound connection is begun by the foreign address',
  },
  {
    pattern: 'CISCOFW305011',
    names: ['destination', 'cisco.asa.outcome'],
    why: 'a translation says what the source is translated to, not where it goes',
  },
  ...['CISCOFW106001', 'CISCOFW106006', 'CISCOFW106015', 'CISCOFW106021'].map((pattern) => ({
    pattern,
    names: ['observer.egress', 'interface'],
    why: 'a refused packet is told with the interface where it came in',
  })),
  {
    pattern: 'FILES',
    names: ['server.ip', 'client.ip'],
    why: 'tx_hosts and rx_hosts sent and received a file; either may be the server',
  },
  {
    pattern: 'HAPROXY',
    names: ['source.bytes'],
    why: 'the bytes are those of the answer: http.response.bytes',
  },
];

/** Their words for what a Cisco firewall did, and ours. */
export const ACTIONS: Readonly<Record<string, string>> = {
  built: 'accept',
  deny: 'deny',
  denied: 'deny',
  teardown: 'teardown',
};

const ZEEK_CONN_21 =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents';
const ZEEK_DNS_23 =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto trans_id rtt query qclass qclass_name qtype qtype_name rcode rcode_name AA TC RD RA Z answers TTLs rejected';
const ZEEK_FILES_23 =
  'ts fuid tx_hosts rx_hosts conn_uids source depth analyzers mime_type filename duration local_orig is_orig seen_bytes total_bytes missing_bytes overflow_bytes timedout parent_fuid md5 sha1 sha256 extracted';
const ZEEK_HTTP_30 =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p trans_depth method host uri referrer version user_agent origin request_body_len response_body_len status_code status_msg info_code info_msg tags username password proxied orig_fuids orig_filenames orig_mime_types resp_fuids resp_filenames resp_mime_types';

/** The fields of a Zeek log, by its name and how many there are: releases differ. */
const ZEEK_FIELDS: Readonly<Record<string, string>> = {
  'conn 20': ZEEK_CONN_21.replace('local_resp ', ''),
  'conn 21': ZEEK_CONN_21,
  'conn 23': `${ZEEK_CONN_21} orig_l2_addr resp_l2_addr`,
  'dns 23': ZEEK_DNS_23.replace('rtt ', ''),
  'dns 24': ZEEK_DNS_23,
  'files 23': ZEEK_FILES_23,
  'files 25': `${ZEEK_FILES_23} extracted_cutoff extracted_size`,
  'http 27': ZEEK_HTTP_30.replace('origin ', '').replace(/ (orig|resp)_filenames/g, ''),
  'http 28': ZEEK_HTTP_30.replace(/ (orig|resp)_filenames/g, ''),
  'http 29': ZEEK_HTTP_30.replace('origin ', ''),
  'http 30': ZEEK_HTTP_30,
};

export interface ParserLine {
  readonly file: string;
  readonly pattern: string;
  readonly message: string;
  readonly expect_raw: readonly string[];
}

/** The message as it would really arrive; undefined when its frame is not known. */
export function framed({ file, pattern, message: literal }: ParserLine): string | undefined {
  // Messages stand there as literals of the language they were written in.
  const message = literal.replace(/\\(["'\\])/g, '$1');
  if (file === 'haproxy_spec.rb' && /^\d+\./.test(message))
    return `Nov 24 07:12:33 lb-1 haproxy[812]: ${message}`;
  if (file === 'bro_spec.rb') return withZeekHeader(pattern.split('_')[1]?.toLowerCase() ?? '', message);
  if (file === 'bind_spec.rb') return `24-Nov-2026 07:12:33.123 queries: info: ${message}`;
  if (file !== 'firewalls_spec.rb' || !pattern.startsWith('CISCOFW')) return message;
  const text = message.replace(/^\d\|[^|]*\|/, '');
  if (text.startsWith('%')) return `<166>Nov 24 2026 07:12:33 fw-1 : ${text}`;
  if (/^(ASA|PIX)-/.test(text)) return `<166>Nov 24 2026 07:12:33 fw-1 : %${text}`;
  if (/^\d{6}: /.test(text)) return `<166>Nov 24 2026 07:12:33 fw-1 : %ASA-6-${text}`;
  return `<166>Nov 24 2026 07:12:33 fw-1 : %ASA-6-${pattern.slice('CISCOFW'.length, 13)}: ${text}`;
}

function withZeekHeader(log: string, message: string): string | undefined {
  const fields = ZEEK_FIELDS[`${log} ${message.split('\t').length}`];
  if (fields === undefined) return undefined;
  const names = fields.split(' ');
  const head = [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${log}`,
  ];
  const types = names.map(() => 'string').join('\t');
  return `${head.join('\n')}\n#fields\t${names.join('\t')}\n#types\t${types}\n${message}`;
}
