/** The short cut of a lane against decoding every line: on odd but readable JSON both count the same. */
import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSourceContent, SHIPPED_CONTENT } from '../../../platform/content.ts';
import { CHOSEN, packRules } from '../rules/rule-pack.ts';
import { createLane } from './lane.ts';
import { PROGRESS_SLOTS } from './protocol.ts';
import type { Tally } from './tally.ts';

const RULES = `title: Program
id: 6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a01
logsource: { product: windows }
detection:
  selection:
    Image|endswith: '\\cmd.exe'
  condition: selection
---
title: Text, but for an account
id: 6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a02
logsource: { product: windows }
detection:
  selection:
    CommandLine|contains: ['1', 'é', 'zz']
  filter:
    User|contains: 'dup'
  condition: selection and not filter
---
title: Numbers
id: 6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a03
logsource: { product: windows }
detection:
  selection:
    EventID: [4624, 1, 1102]
    LogonType: 3
  condition: selection
`;
/** Bytes never tell what it matches, so that every line is decoded; it matches none. */
const DECODES_ALL = `---
title: Decoder
id: 6d5f2d0e-8f0a-4a55-9d0b-0a9c4c7b9a04
logsource: { product: windows }
detection:
  keywords:
    '|re': '[qx][qx][qx]{7}'
  condition: keywords
`;

const PIECES = [
  'cmd 1',
  'zz',
  '\\u0041',
  '\\u0001',
  'C:\\\\cmd.exe',
  'é',
  'a\\/b',
  '\\ud83d',
  '\\ud83d\\ude00',
  '',
];
const NAMES = ['CHU\\\\dupont', '-', 'SRV1$', 'a@b', 'a.b', 'SYSTEM'];
const text = fc.constantFrom(...PIECES, ...NAMES).map((some) => `"${some}"`);
const bare = fc.constantFrom(
  ...[
    '0',
    '1',
    '3',
    '1.0',
    '1e0',
    '-0',
    '4624',
    '4624.0',
    '1102',
    '1.102e3',
    '-5',
    '0.1',
    '1e400',
    'true',
    'false',
  ],
  ...['9007199254740993', '12345678901234567890', 'null', '[]', '["a"]', '[1]', '{}', '{"a":1}'],
  ...['"3"', '"007"', '" 5 "', '"0x10"', '"1e3"', '"1102"', '"01102"', '"-7"'],
);
const value = fc.oneof(text, bare);
const time = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.nat(80_000).map((s) => `"${new Date(1_795_392_000_000 + s * 1000).toISOString()}"`),
  },
  fc.constantFrom(
    '"2026-11-23 10:11:12"',
    '1795392000',
    '1795392000.123',
    '"1795392000"',
    '1795392000123',
    '1e9',
  ),
  value,
);

const members = fc.record(
  {
    Channel: fc.oneof(fc.constantFrom('"Security"', '"System"', '"Secur\\u0069ty"'), value),
    EventID: fc.oneof(fc.constantFrom('4624', '1', '4688'), bare),
    EventRecordID: bare,
    RecordNumber: bare,
    Provider_Name: fc.constant('"Microsoft-Windows-Sysmon"'),
    Computer: text,
    Hostname: value,
    TimeCreated: time,
    UtcTime: time,
    '@timestamp': time,
    Image: text,
    CommandLine: value,
    User: value,
    TargetUserName: value,
    SubjectUserName: value,
    LogonType: bare,
  },
  { requiredKeys: ['Channel', 'EventID'] },
);
const line = fc
  .tuple(members, fc.constantFrom('flat', 'flat', 'winlogbeat', 'twice'), fc.boolean())
  .map(([some, shape, isLatin1]) => {
    const own = Object.entries(some).map(([key, item]) => `"${key}":${item}`);
    if (shape === 'twice') own.push('"EventID":7');
    const record = `{${own.join(',')}}`;
    const head = '"channel":"Security","event_id":4624,"record_id":5,"computer_name":"pc1"';
    const whole = `{"@timestamp":"2026-11-23T10:11:12Z","winlog":{${head},"event_data":${record}},"host":{"name":"h"}}`;
    return Buffer.from(`${shape === 'winlogbeat' ? whole : record}\n`, isLatin1 ? 'latin1' : 'utf8');
  });

const content = loadSourceContent([SHIPPED_CONTENT]).value;
let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigie-lane-'));
  file = path.join(folder, 'lines.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(rules: string): Promise<unknown> {
  const { head, packed } = packRules({
    files: [{ path: 'rules.yml', text: rules }],
    placeholders: undefined,
  });
  expect(head.briefs).toHaveLength(rules.match(/^title: /gm)?.length ?? 0);
  const lane = createLane(
    {
      ...content,
      rules: { ...packed, chosen: Uint8Array.from(head.briefs, () => CHOSEN.yes) },
      ruleIds: head.briefs.map(({ id }) => id),
      correlated: new Map(),
      siteZone: 'Europe/Paris',
      nowMicros: Date.UTC(2026, 10, 26) * 1000,
      fromMicros: undefined,
      toMicros: undefined,
      forcedFormat: undefined,
      rowFormat: undefined,
      progress: new SharedArrayBuffer(8 * PROGRESS_SLOTS),
      stop: new SharedArrayBuffer(4),
    },
    0,
  );
  await lane.read({ id: 0, file, start: 0, end: statSync(file).size, whole: true, detected: undefined });
  return comparable(lane.tally);
}

/** Of issues only how many: places are those of the first, whichever path met it. */
function comparable({ issues, ...tally }: Tally): unknown {
  return { ...tally, issues: [...issues].map(([code, { count }]) => [code, count]) };
}

const PLAIN = '{"Channel":"Security","EventID":4624,"Computer":"pc0","TimeCreated":"2026-11-23T00:00:00Z"}\n';

it('counts what decoding every line counts', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 60 }), async (lines) => {
      writeFileSync(file, Buffer.concat([Buffer.from(PLAIN.repeat(3)), ...lines]));
      expect(await read(RULES)).toEqual(await read(RULES + DECODES_ALL));
    }),
    { seed: 20261127, numRuns: 40 },
  );
});
