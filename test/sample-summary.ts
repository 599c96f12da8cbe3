/** An invented hunt summary, rich and hostile, for tests of what people read. No log of anybody is in it. */
import type { Finding, HuntSummary, SignalSample } from '../src/model/hunt.ts';
import type { Level } from '../src/model/level.ts';

export const HOSTILE = '</script><img src=x onerror="window.pwned=1">\u2028\u001b[2J\u202e<!--';

interface FindingSpec {
  readonly title: string;
  readonly fr?: string;
  readonly level: Level;
  readonly tactics: readonly string[];
  readonly hosts: readonly string[];
  readonly user?: string;
  readonly count: number;
  readonly at: string;
  readonly field: string;
  readonly value: string;
  readonly span?: readonly [number, number];
  readonly noisy?: boolean;
  readonly next?: readonly string[];
}

function iso(at: string, minutes: number): string {
  return new Date(Date.parse(at) + minutes * 60_000).toISOString();
}

function sampleOf(spec: FindingSpec, at: number): SignalSample {
  const deciding = { field: spec.field, value: spec.value, ...(spec.span ? { span: spec.span } : {}) };
  return {
    at: iso(spec.at, at * 2),
    host: spec.hosts[at % spec.hosts.length] ?? '',
    user: spec.user ?? '',
    path: at % 2 === 0 ? 'preuves.zip!/SRV-SAUV-01/Sysmon.evtx' : 'preuves/portail/access.log',
    offset: 4096 * (at + 1),
    ...(at % 2 === 1 ? { line: at + 1 } : {}),
    deciding: [deciding],
    fields: {
      [spec.field]: spec.value,
      EventID: '1',
      Computer: spec.hosts[0] ?? '',
      ProcessId: String(4000 + at),
    },
  };
}

function findingOf(spec: FindingSpec): Finding {
  const samples = Array.from({ length: Math.min(spec.count, 48) }, (_, at) => sampleOf(spec, at));
  const next = spec.next ?? [];
  return {
    rule: {
      id: `00000000-0000-4000-8000-${String(spec.title.length * 7919 + spec.count).padStart(12, '0')}`,
      title: spec.title,
      ...(spec.fr === undefined ? {} : { titles: { en: spec.title, fr: spec.fr } }),
      level: spec.level,
      kind: 'detection',
      status: 'test',
      description: `Invented rule: ${spec.title}.`,
      tags: spec.tactics.map((tactic) => `attack.${tactic}`),
      tactics: spec.tactics,
      techniques: ['T1003.001'],
      innocent: { en: ['Planned work of the administrator'], fr: ['Travaux prévus de l’administrateur'] },
      checkNext: { en: next, fr: next.map((step) => `${step} (fr)`) },
      path: 'content/rules/x.yml',
    },
    count: spec.count,
    first: samples[0]?.at ?? '',
    last: samples.at(-1)?.at ?? '',
    hosts: spec.hosts.map((value, at) => ({ value, count: Math.max(1, spec.count - at) })),
    users: spec.user === undefined ? [] : [{ value: spec.user, count: spec.count }],
    hostCount: spec.hosts.length,
    userCount: spec.user === undefined ? 0 : 1,
    deciding: [{ field: spec.field, value: spec.value, count: spec.count }],
    samples,
    noisy: spec.noisy === true,
  };
}

const SHADOW =
  'C:\\Windows\\System32\\cmd.exe /c vssadmin.exe delete shadows /all /quiet && wbadmin delete catalog -quiet';

const SPECS: readonly FindingSpec[] = [
  {
    title: 'Shadow copies deleted',
    fr: 'Clichés instantanés supprimés',
    level: 'critical',
    tactics: ['impact'],
    hosts: ['SRV-SAUV-01', 'SRV-FIC-02'],
    user: 'CHVAL\\svc_presta',
    count: 3,
    at: '2026-11-24T02:41:07Z',
    field: 'CommandLine',
    value: SHADOW,
    span: [34, 56],
    next: [
      'Cut the machine off the network, leave it running.',
      'See whether the offline copy of the backups is whole.',
      'Look for the account on other machines.',
    ],
  },
  {
    title: 'LSASS memory dumped',
    fr: 'Mémoire de LSASS copiée',
    level: 'critical',
    tactics: ['credential-access'],
    hosts: ['PC-RADIO-14'],
    user: 'CHVAL\\svc_presta',
    count: 1,
    at: '2026-11-24T01:52:31Z',
    field: 'CommandLine',
    value: 'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 704 C:\\Windows\\Temp\\d.bin full',
    span: [45, 53],
    next: ['Change the passwords of every account that used this machine, supplier accounts first.'],
  },
  {
    title: 'VPN opened after many refused passwords',
    fr: 'VPN ouvert après de nombreux mots de passe refusés',
    level: 'high',
    tactics: ['initial-access', 'credential-access'],
    hosts: ['FW-PERIMETRE'],
    user: 'prest-imagerie',
    count: 1,
    at: '2026-11-24T01:12:09Z',
    field: 'remip',
    value: '203.0.113.77',
    next: ['Ask the supplier whether it was him.'],
  },
  {
    title: 'Service installed from an administrative share',
    fr: 'Service installé depuis un partage d’administration',
    level: 'high',
    tactics: ['lateral-movement', 'execution'],
    hosts: ['SRV-SAUV-01', 'SRV-FIC-02', 'SRV-PACS-01', 'SRV-AD-01', 'SRV-LABO-01'],
    user: 'SYSTEM',
    count: 7,
    at: '2026-11-24T02:10:00Z',
    field: 'ImagePath',
    value: '\\\\10.20.4.14\\ADMIN$\\kqzdh.exe',
  },
  {
    title: 'Hostile names',
    level: 'medium',
    tactics: ['collection'],
    hosts: [HOSTILE, '患者サーバー'],
    user: HOSTILE,
    count: 2,
    at: '2026-11-24T02:20:00Z',
    field: 'Target\u001b[31m',
    value: HOSTILE,
  },
  {
    title: 'Data sent with rclone',
    fr: 'Données envoyées avec rclone',
    level: 'high',
    tactics: ['exfiltration'],
    hosts: ['SRV-FIC-02'],
    user: 'CHVAL\\svc_presta',
    count: 2,
    at: '2026-11-24T02:25:00Z',
    field: 'CommandLine',
    value: 'rclone.exe copy D:\\partage\\radiologie remote:b --transfers 32',
    span: [0, 15],
  },
  {
    title: 'Machine asked for its name',
    level: 'low',
    tactics: ['discovery'],
    hosts: ['PC-RADIO-14'],
    count: 4,
    at: '2026-11-24T01:48:00Z',
    field: 'Image',
    value: 'C:\\Windows\\System32\\HOSTNAME.EXE',
  },
  {
    title: 'Scheduled task created',
    fr: 'Tâche planifiée créée',
    level: 'medium',
    tactics: ['persistence'],
    hosts: ['SRV-AD-01', 'SRV-FIC-02', 'PC-URG-03', 'PC-URG-04'],
    count: 48_211,
    at: '2026-11-23T18:00:00Z',
    field: 'TaskName',
    value: '\\Microsoft\\Windows\\UpdateOrchestrator',
    noisy: true,
  },
];

export const EMPTY_SUMMARY: HuntSummary = {
  version: '0.1.0',
  startedAt: '2026-11-24T08:00:00.000Z',
  events: 0,
  signals: 0,
  bytes: 0,
  seconds: 0.1,
  rulesLoaded: 54,
  rulesRefused: 0,
  filesRead: 0,
  filesUnread: 1,
  first: '',
  last: '',
  outside: { events: 0, first: '', last: '' },
  hosts: [],
  hostCount: 0,
  users: [],
  userCount: 0,
  sources: [],
  files: [],
  findings: [],
  gaps: [],
  clears: [],
  clockJumps: [],
  issues: [
    {
      count: 1,
      samples: [
        {
          code: 'FILES_UNREADABLE',
          place: { path: 'x.evtx' },
          params: { reason: 'EACCES', errno: 'EACCES' },
        },
      ],
    },
  ],
  silentRules: [],
  timeline: undefined,
  assumptions: [],
  interrupted: false,
  limits: [],
};

const BUCKETS = 120;

function wave(at: number): number {
  return Math.round(9000 + 6000 * Math.cos((at / BUCKETS) * 6) + ((at * 7919) % 1300));
}

function marks(...at: readonly number[]): number[] {
  return Array.from({ length: BUCKETS }, (_, index) => at.filter((one) => one === index).length * 2);
}

export function sampleSummary(): HuntSummary {
  const findings = SPECS.map(findingOf);
  return {
    ...EMPTY_SUMMARY,
    events: 1_234_567,
    signals: findings.reduce((sum, { count }) => sum + count, 0),
    bytes: 812_345_678,
    seconds: 6.21,
    rulesLoaded: 2871,
    rulesRefused: 3,
    filesRead: 14,
    filesUnread: 2,
    first: '2026-11-23T18:00:01.123Z',
    last: '2026-11-24T06:12:44Z',
    hosts: ['SRV-FIC-02', 'SRV-AD-01', 'SRV-SAUV-01', 'PC-RADIO-14', HOSTILE].map((value, at) => ({
      value,
      count: 90_000 - at,
    })),
    hostCount: 43,
    users: ['CHVAL\\amartin', 'CHVAL\\svc_presta', 'SYSTEM'].map((value, at) => ({ value, count: 900 - at })),
    userCount: 211,
    sources: [
      { id: 'windows-security', title: { en: 'Windows Security', fr: 'Windows Sécurité' }, count: 800_000 },
      { id: 'windows-sysmon', title: { en: 'Sysmon', fr: 'Sysmon' }, count: 400_000 },
      { id: 'unknown', title: { en: 'not recognised', fr: 'non reconnu' }, count: 34_567 },
    ],
    files: [
      {
        path: 'preuves.zip!/SRV-SAUV-01/Sysmon.evtx',
        bytes: 69_206_016,
        events: 81_000,
        format: 'evtx',
        first: '2026-11-23T18:00:01Z',
        last: '2026-11-24T06:12:44Z',
      },
      { path: `preuves/${HOSTILE}.log`, bytes: 1200, events: 3, format: 'text', first: '', last: '' },
    ],
    findings,
    gaps: [
      {
        host: 'SRV-SAUV-01',
        channel: 'Security',
        from: '2026-11-24T02:45:00Z',
        to: '2026-11-24T04:10:00Z',
        seconds: 5100,
        missing: 18_220,
      },
    ],
    clears: [
      {
        at: '2026-11-24T02:44:58Z',
        host: 'SRV-SAUV-01',
        user: 'svc_presta',
        channel: 'Security',
        path: 'a.evtx',
      },
    ],
    clockJumps: [
      { at: '2026-11-24T03:00:00Z', host: 'SRV-LABO-01', channel: 'System', seconds: -3600, path: 'b.evtx' },
    ],
    issues: [
      {
        count: 41,
        samples: [{ code: 'NORMALISE_NO_SOURCE', place: { path: `divers/${HOSTILE}.txt`, line: 12 } }],
      },
      {
        count: 2,
        samples: [
          {
            code: 'FILES_UNREADABLE',
            place: { path: 'vieux.evtx' },
            params: { reason: 'EACCES', errno: 'EACCES' },
          },
        ],
      },
    ],
    silentRules: [
      { reason: 'source', missing: 'windows/process_creation', count: 312, examples: ['A', 'B'] },
      { reason: 'field', missing: 'ParentCommandLine', count: 1, examples: ['C'] },
    ],
    timeline: {
      startMs: Date.parse('2026-11-23T18:00:00Z'),
      bucketMs: 6 * 60_000 + 6_000,
      events: Array.from({ length: BUCKETS }, (_, at) => wave(at)),
      signals: {
        informational: marks(),
        low: marks(77),
        medium: marks(3, 40, 83),
        high: marks(71, 80, 82),
        critical: marks(77, 85),
      },
    },
    assumptions: [{ what: 'zone', count: 3120 }],
    limits: [
      { en: 'at most 48 samples of a rule are kept', fr: 'au plus 48 exemples par règle sont gardés' },
    ],
  };
}
