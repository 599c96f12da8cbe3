/** Speed of the framer and of each line codec, one thread, against `JSON.parse` alone. Alone: `node bench/codecs.ts DIR`. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createDecoder, createLineFramer } from '../src/codecs/index.ts';

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: string;
}

const LINES: Readonly<Record<string, string>> = {
  'syslog-3164':
    '<38>Jan  2 03:04:05 gw1 sshd[1234]: Accepted publickey for ann from 10.1.2.3 port 50022 ssh2',
  'syslog-5424':
    '<34>1 2024-01-02T03:04:05.678Z gw1 su 77 ID47 [a@1 k="v" l="w"] session opened for user root',
  cef: 'CEF:0|Acme|Gate|1.0|100|Door open|3|src=10.0.0.1 dst=10.0.0.2 spt=4433 dpt=443 act=blocked msg=by hand',
  leef: 'LEEF:1.0|Acme|Gate|1.0|4000|src=10.0.0.1\tdst=10.0.0.2\tsev=5\tusrName=ann\tproto=tcp',
  kv: 'date=2024-01-02 time=03:04:05 devname="fw1" type="traffic" srcip=10.0.0.1 srcport=50022 dstip=10.0.0.2 action="accept"',
  combined:
    '10.0.0.1 - ann [10/Oct/2023:13:55:36 +0200] "GET /a/b?c=1 HTTP/1.1" 200 1234 "-" "Mozilla/5.0 (X11)"',
  auditd:
    'type=SYSCALL msg=audit(1700000000.123:42): arch=c000003e syscall=59 success=yes exit=0 a0=55d0 pid=7 uid=0 exe="/bin/ls" key="x"',
  text: 'something happened somewhere and nobody gave it any form at all, as it was late',
};

const HEADED: Readonly<Record<string, readonly [head: string, line: string]>> = {
  csv: ['time,user,host,action,note', '2024-01-02T03:04:05Z,ann,ws-12,login,"from, home"'],
  'zeek-tsv': [
    '#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttags\n#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tset[string]',
    '1700000000.123\tCabc123\t10.0.0.1\t50022\t10.0.0.2\t443\ttcp\ta,b',
  ],
  w3c: [
    '#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent)',
    '2024-01-02 03:04:05 10.0.0.1 GET /index.html 200 Mozilla/5.0',
  ],
};

const SIZE = 16 * 1024 * 1024;

function secondsOf(work: () => void): number {
  work();
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function decodeSeconds(bytes: Buffer): { records: number; seconds: number } {
  let records = 0;
  const seconds = secondsOf(() => {
    records = 0;
    const sink = {
      record: () => {
        records += 1;
      },
      issue: () => {},
    };
    const decoder = createDecoder({ path: 'bench' }, sink);
    for (let at = 0; at < bytes.length; at += 1024 * 1024) decoder.push(bytes.subarray(at, at + 1024 * 1024));
    decoder.end();
  });
  return { records, seconds };
}

function framing(): Figure[] {
  return [100, 2000].map((length) => {
    const chunk = Buffer.alloc(SIZE, 0x61);
    for (let at = length; at < SIZE; at += length) chunk[at] = 10;
    const seconds = secondsOf(() => {
      const framer = createLineFramer(
        {},
        {
          line: () => {},
          tooLong: () => {},
        },
      );
      for (let turn = 0; turn < 16; turn += 1) framer.push(chunk);
    });
    const target = length === 2000 ? { target: '≥ 2' } : {};
    return {
      name: `framing, lines of ${length} bytes`,
      value: (16 * SIZE) / 1e9 / seconds,
      unit: 'GB/s',
      ...target,
    };
  });
}

function codec(name: string, head: string, line: string): Figure {
  const bytes = Buffer.from(`${head}${`${line}\n`.repeat(Math.ceil(SIZE / (line.length + 1)))}`);
  const { records, seconds } = decodeSeconds(bytes);
  return { name, value: records / seconds, unit: 'records/s' };
}

/** Real Windows events: decoding compared with parsing alone. */
function ndjson(corpus: string): Figure[] {
  const folder = path.join(corpus, 'mordor_jsonl/atomic');
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
    (name) => name.endsWith('.json') || name.endsWith('.jsonl'),
  );
  if (file === undefined) return [];
  const bytes = readFileSync(path.join(folder, file));
  const lines = bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  let records = 0;
  let seconds = Number.POSITIVE_INFINITY;
  let floor = Number.POSITIVE_INFINITY;
  // In turns, the best of each: other work on the machine slows whichever it meets.
  for (let turn = 0; turn < 9; turn += 1) {
    const decoded = decodeSeconds(bytes);
    records = decoded.records;
    seconds = Math.min(seconds, decoded.seconds);
    floor = Math.min(
      floor,
      secondsOf(() => {
        for (const line of lines) JSON.parse(line);
      }),
    );
  }
  return [
    { name: 'json', value: records / seconds, unit: 'records/s' },
    { name: 'json, time against JSON.parse alone', value: seconds / floor, unit: '×' },
  ];
}

export async function run(corpus: string): Promise<readonly Figure[]> {
  return [
    ...framing(),
    ...ndjson(corpus),
    ...Object.entries(LINES).map(([name, line]) => codec(name, '', line)),
    ...Object.entries(HEADED).map(([name, [head, line]]) => codec(name, `${head}\n`, line)),
  ];
}

if (process.argv[1] === import.meta.filename) {
  for (const { name, value, unit } of await run(process.argv[2] ?? ''))
    console.log(`${name}: ${value.toFixed(2)} ${unit}`);
}
