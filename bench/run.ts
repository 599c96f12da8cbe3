/**
 * `npm run bench [name…]`: runs the named benchmarks (all by default) and prints their figures. Ratios are taken
 * within one run; machines are noisy, so medians are printed. Needs the corpora (VIGIE_CORPUS).
 */
import { cpus, totalmem } from 'node:os';
import { corpusDir } from '../test/corpus.ts';
import type { Figure } from './figure.ts';

type Bench = (corpus: string) => Promise<readonly Figure[]>;

const BENCHES: Readonly<Record<string, () => Promise<{ run: Bench }>>> = {
  conformance: () => import('./conformance.ts'),
  matching: () => import('./matching.ts'),
  evtx: () => import('./evtx.ts'),
  hunt: () => import('./hunt.ts'),
  correlate: () => import('./correlate.ts'),
  ingest: () => import('./ingest.ts'),
  'live-match': () => import('./live-match.ts'),
  codecs: () => import('./codecs.ts'),
  framing: () => import('./framing.ts'),
  store: () => import('./store.ts'),
  intel: () => import('./intel.ts'),
  inventory: () => import('./inventory.ts'),
  'receive-http': () => import('./receive-http.ts'),
};

const corpus = corpusDir();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0 || corpus === undefined) {
  console.error(
    unknown.length > 0
      ? `unknown benchmark ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`
      : 'benchmarks need the corpora: set VIGIE_CORPUS',
  );
  process.exit(2);
}

const [cpu] = cpus();
console.log(
  `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);
for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHES)) {
  const bench = await BENCHES[name]?.();
  console.log(`\n${name}`);
  for (const figure of (await bench?.run(corpus)) ?? []) console.log(`  ${format(figure)}`);
}

function format({ name, value, unit, target }: Figure): string {
  const digits = Math.abs(value) < 100 ? 2 : 0;
  const number = value.toLocaleString('en', { maximumFractionDigits: digits });
  return `${name.padEnd(64)} ${number.padStart(12)} ${unit}${target === undefined ? '' : `   (target ${target})`}`;
}
