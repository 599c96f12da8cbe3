/** Line formats, one table: a file's text → the format and fields of its last record. */
import { describe, expect, test } from 'vitest';
import { decodeAll } from '../../test/decode.ts';

interface Case {
  readonly name: string;
  readonly input: string;
  readonly format: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const HOST = { pri: 38, facility: 4, severity: 6, timestamp: 'Jan  2 03:04:05', hostname: 'gw1' };

const CASES: readonly Case[] = [
  { name: 'NDJSON', input: '{"a":1}\n{"a":{"b":[2]}}\n', format: 'json', fields: { a: { b: [2] } } },
  {
    name: 'integers beyond a double',
    input: '{"k":-9223372036854775808,"us":1700000000000000}',
    format: 'json',
    fields: { k: '-9223372036854775808', us: 1700000000000000 },
  },
  {
    name: 'long digits inside a string',
    input: '{"a":":12345678901234567,","b":[12345678901234567]}',
    format: 'json',
    fields: { a: ':12345678901234567,', b: ['12345678901234567'] },
  },
  {
    name: 'RFC 3164',
    input: '<38>Jan  2 03:04:05 gw1 sshd[12]: Accepted key',
    format: 'syslog-3164',
    fields: { ...HOST, appname: 'sshd', procid: '12', message: 'Accepted key' },
  },
  {
    name: 'RFC 3164 with an octet count',
    input: '48 <38>Jan  2 03:04:05 gw1 sshd[12]: Accepted key',
    format: 'syslog-3164',
    fields: { ...HOST, appname: 'sshd', procid: '12', message: 'Accepted key' },
  },
  {
    name: 'a file of /var/log',
    input: 'Jan  2 03:04:05 gw1 kernel: IN=eth0',
    format: 'syslog-3164',
    fields: { timestamp: 'Jan  2 03:04:05', hostname: 'gw1', appname: 'kernel', message: 'IN=eth0' },
  },
  {
    name: 'ISO timestamps',
    input: '2024-01-02T03:04:05.123456+01:00 gw1 su: ok',
    format: 'syslog-3164',
    fields: { timestamp: '2024-01-02T03:04:05.123456+01:00', hostname: 'gw1', appname: 'su', message: 'ok' },
  },
  {
    name: 'no host',
    input: '<38>Jan  2 03:04:05 sshd[12]: gone',
    format: 'syslog-3164',
    fields: {
      pri: 38,
      facility: 4,
      severity: 6,
      timestamp: 'Jan  2 03:04:05',
      appname: 'sshd',
      procid: '12',
      message: 'gone',
    },
  },
  {
    name: 'Cisco ASA with a year',
    input: '<166>Jan 02 2024 03:04:05 fw1 : %ASA-6-302013: Built outbound',
    format: 'syslog-3164',
    fields: {
      pri: 166,
      facility: 20,
      severity: 6,
      timestamp: 'Jan 02 2024 03:04:05',
      hostname: 'fw1',
      appname: '%ASA-6-302013',
      message: 'Built outbound',
    },
  },
  {
    name: 'Cisco ASA without a host',
    input: '<166>Jan 02 2024 03:04:05: %ASA-6-302013: Built',
    format: 'syslog-3164',
    fields: {
      pri: 166,
      facility: 20,
      severity: 6,
      timestamp: 'Jan 02 2024 03:04:05',
      appname: '%ASA-6-302013',
      message: 'Built',
    },
  },
  {
    name: 'IPv6 host, milliseconds',
    input: '<38>Jan  2 03:04:05.678 fe80::1 app: x',
    format: 'syslog-3164',
    fields: {
      pri: 38,
      facility: 4,
      severity: 6,
      timestamp: 'Jan  2 03:04:05.678',
      hostname: 'fe80::1',
      appname: 'app',
      message: 'x',
    },
  },
  {
    name: 'message with neither',
    input: '<38>free text here',
    format: 'syslog-3164',
    fields: { pri: 38, facility: 4, severity: 6, message: 'free text here' },
  },
  {
    name: 'RFC 5424',
    input: '<34>1 2024-01-02T03:04:05Z gw1 su 77 ID47 [a@1 k="v\\"\\]w" z=""][b x="1"] \uFEFFhello',
    format: 'syslog-5424',
    fields: {
      pri: 34,
      facility: 4,
      severity: 2,
      version: 1,
      timestamp: '2024-01-02T03:04:05Z',
      hostname: 'gw1',
      appname: 'su',
      procid: '77',
      msgid: 'ID47',
      structured: { 'a@1': { k: 'v"]w', z: '' }, b: { x: '1' } },
      message: 'hello',
    },
  },
  {
    name: 'RFC 5424 of nothing',
    input: '<34>1 - - - - - -',
    format: 'syslog-5424',
    fields: { pri: 34, facility: 4, severity: 2, version: 1, message: '' },
  },
  {
    name: 'CEF',
    input: 'CEF:0|Acme|Ga\\|te|1.0|100|Door open|3|src=10.0.0.1 msg=by\\=hand at night  cs1Label=a b',
    format: 'cef',
    fields: {
      CEFVersion: '0',
      DeviceVendor: 'Acme',
      DeviceProduct: 'Ga|te',
      DeviceVersion: '1.0',
      DeviceEventClassID: '100',
      Name: 'Door open',
      Severity: '3',
      src: '10.0.0.1',
      msg: 'by=hand at night',
      cs1Label: 'a b',
    },
  },
  {
    name: 'CEF in syslog',
    input: '<38>Jan  2 03:04:05 gw1 CEF:0|A|B|1|2|N|3|src=::1',
    format: 'cef',
    fields: {
      CEFVersion: '0',
      DeviceVendor: 'A',
      DeviceProduct: 'B',
      DeviceVersion: '1',
      DeviceEventClassID: '2',
      Name: 'N',
      Severity: '3',
      src: '::1',
      syslog: HOST,
    },
  },
  {
    name: 'JSON in syslog after a cookie',
    input: '<38>Jan  2 03:04:05 gw1 app: @cee: {"u":"ann"}',
    format: 'json',
    fields: { u: 'ann', syslog: { ...HOST, appname: 'app' } },
  },
  {
    name: 'key=value in syslog',
    input: '<38>Jan  2 03:04:05 gw1 a=1 b=2 c=3 d="x y"',
    format: 'kv',
    fields: { a: '1', b: '2', c: '3', d: 'x y', syslog: HOST },
  },
  {
    name: 'LEEF 1',
    input: 'LEEF:1.0|Acme|Gate|1|40|src=10.0.0.1\tusrName=ann lee',
    format: 'leef',
    fields: {
      LEEFVersion: '1.0',
      Vendor: 'Acme',
      Product: 'Gate',
      Version: '1',
      EventID: '40',
      src: '10.0.0.1',
      usrName: 'ann lee',
    },
  },
  {
    name: 'LEEF 2 with a delimiter',
    input: 'LEEF:2.0|Acme|Gate|1|40|x5E|src=10.0.0.1^b=2',
    format: 'leef',
    fields: {
      LEEFVersion: '2.0',
      Vendor: 'Acme',
      Product: 'Gate',
      Version: '1',
      EventID: '40',
      src: '10.0.0.1',
      b: '2',
    },
  },
  {
    name: 'key=value',
    input: 'date=2024-01-02 time=03:04:05 msg="say \\"hi\\" now" list=a,b,c user=\'ann lee\' empty=""',
    format: 'kv',
    fields: {
      date: '2024-01-02',
      time: '03:04:05',
      msg: 'say "hi" now',
      list: 'a,b,c',
      user: 'ann lee',
      empty: '',
    },
  },
  {
    name: 'CSV over lines',
    input: 'time,user,note\n1,ann,"a ""b"",\nc"\n',
    format: 'csv',
    fields: { time: '1', user: 'ann', note: 'a "b",\nc' },
  },
  {
    name: 'semicolons',
    input: 'heure;utilisateur;note\n1;ann;x\n',
    format: 'csv',
    fields: { heure: '1', utilisateur: 'ann', note: 'x' },
  },
  {
    name: 'Zeek TSV',
    input:
      '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_p\tok\ttags\tnone\tgone\n#types\ttime\tport\tbool\tset[string]\tvector[count]\tstring\n1.5\t53\tT\ta,b\t(empty)\t-\n',
    format: 'zeek-tsv',
    fields: { _path: 'conn', ts: 1.5, 'id.orig_p': 53, ok: true, tags: ['a', 'b'], none: [] },
  },
  {
    name: 'W3C with new fields in mid-file',
    input:
      '#Software: Microsoft Internet Information Services 10.0\n#Fields: date cs(User-Agent)\n2024-01-02 a+b\n#Fields: date c-ip x\n2024-01-03 10.0.0.1 -\n',
    format: 'w3c',
    fields: { date: '2024-01-03', 'c-ip': '10.0.0.1' },
  },
  {
    name: 'combined',
    input: 'www 10.0.0.1 - ann [10/Oct/2023:13:55:36 +0200] "GET /a?b=1 HTTP/1.1" 200 12 "-" "x \\"y\\""',
    format: 'combined',
    fields: {
      'cs-host': 'www',
      'c-ip': '10.0.0.1',
      'cs-username': 'ann',
      timestamp: '10/Oct/2023:13:55:36 +0200',
      'cs-method': 'GET',
      'cs-uri': '/a?b=1',
      'cs-uri-stem': '/a',
      'cs-uri-query': 'b=1',
      'cs-version': 'HTTP/1.1',
      'sc-status': 200,
      'sc-bytes': 12,
      'cs-user-agent': 'x "y"',
    },
  },
  {
    name: 'auditd',
    input:
      'node=h1 type=USER_CMD msg=audit(1700000000.123:42): pid=7 uid=0 msg=\'cwd="/root" cmd=6C73202D6C res=success\'\u001dUID="root"',
    format: 'auditd',
    fields: {
      node: 'h1',
      type: 'USER_CMD',
      timestamp: 1700000000.123,
      serial: 42,
      pid: '7',
      uid: '0',
      cwd: '/root',
      cmd: 'ls -l',
      res: 'success',
      UID: 'root',
    },
  },
  {
    name: 'auditd arguments',
    input: 'type=PROCTITLE msg=audit(1.5:2): proctitle=6C73002D6C a0=7ffd12 a1=6C73 exe="/bin/ls"',
    format: 'auditd',
    fields: {
      type: 'PROCTITLE',
      timestamp: 1.5,
      serial: 2,
      proctitle: 'ls -l',
      a0: '7ffd12',
      a1: 'ls',
      exe: '/bin/ls',
    },
  },
  {
    name: 'auditd from its dispatcher',
    input: '<38>Jan  2 03:04:05 gw1 audispd: type=CWD msg=audit(1.5:2): cwd="/"',
    format: 'auditd',
    fields: { type: 'CWD', timestamp: 1.5, serial: 2, cwd: '/', syslog: { ...HOST, appname: 'audispd' } },
  },
  {
    name: 'plain text',
    input: 'the quick brown fox',
    format: 'text',
    fields: { message: 'the quick brown fox' },
  },
];

describe('line formats', () => {
  test.each(CASES)('$name', ({ input, format, fields }) => {
    const { records, issues } = decodeAll(input);
    expect(issues).toEqual([]);
    const last = records.at(-1);
    expect(last?.format).toBe(format);
    expect(last?.fields).toEqual(fields);
  });
});
