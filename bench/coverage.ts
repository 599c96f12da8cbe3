/**
 * `node bench/coverage.ts`: hunts the labelled captures with our rules and SigmaHQ's and writes the table technique ×
 * found into `docs/detection-coverage.md`. The captures are labs of one attack each, without benign data: the table
 * tells what is found, never how precise it is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createDecoder } from '../src/codecs/index.ts';
import { readYamlFiles, SHIPPED_CONTENT } from '../src/platform/content.ts';
import { loadRules } from '../src/sigma/index.ts';
import { corpusDir } from '../test/corpus.ts';
import { runVigie } from '../test/hunt-runner.ts';

const RULE_FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
const TARGET = path.resolve(import.meta.dirname, '../docs/detection-coverage.md');

interface Capture {
  readonly file: string;
  readonly corpus: string;
  readonly techniques: readonly string[];
}

interface Hit {
  readonly rule: string;
  readonly level: string;
  readonly techniques: ReadonlySet<string>;
  readonly isOurs: boolean;
}

const WHY = `## Why some are missed

- Many EVTX captures hold a single record of an ordinary administrative act (an account created, a group changed, a
  service started). Sigma rules for these are \`informational\` or \`low\` on purpose, or do not exist: alone they are no
  sign of an attack. Behaviour over time is what tells them apart; it is not part of a hunt yet.
- Some acts leave only registry or network traces under names that no rule of either set looks for.
- Captures of SQL Server, Exchange and other products write to the Application log in free text that few rules read.
`;

const SERIOUS = new Set(['medium', 'high', 'critical']);

const corpus = corpusDir();
if (corpus === undefined) process.exit(2);

const ownIds = new Set(
  loadRules(readYamlFiles(path.join(SHIPPED_CONTENT, 'rules'), [])).rules.map((rule) => rule.id),
);
const captures = [...otrfCaptures(corpus), ...evtxCaptures(corpus)];
const hits = await huntAll(corpus);
writeFileSync(TARGET, render(captures, hits));
console.log(
  `${captures.length} captures, ${[...hits.values()].flat().length} matches → ${path.relative('.', TARGET)}`,
);

function readCsv(file: string): Record<string, string>[] {
  const rows: Record<string, string>[] = [];
  const sink = {
    record: (record: { fields: object }) => rows.push(record.fields as Record<string, string>),
    issue: () => {},
  };
  const decoder = createDecoder({ path: file, format: 'csv' }, sink);
  decoder.push(readFileSync(file));
  decoder.end();
  return rows;
}

function otrfCaptures(root: string): Capture[] {
  return readCsv(path.join(root, 'labels/mordor_labels_open.csv'))
    .filter((row) => row.path?.includes('/windows/') || row.path?.includes('/compound/'))
    .map((row) => ({
      file: path.basename(row.path ?? '').replace(/\.json$/, '.jsonl'),
      corpus: 'OTRF',
      techniques: (row.techniques ?? '').split(';').filter((id) => id !== ''),
    }));
}

/** The technique stands in the folder's name: `T1053.005-Scheduled Task`. */
function evtxCaptures(root: string): Capture[] {
  return readCsv(path.join(root, 'labels/evtx_index_open.csv'))
    .filter((row) => row.source === 'mdecrevoisier')
    .flatMap((row) => {
      const technique = /\/(T\d{4}(?:\.\d{3})?)/.exec(row.path ?? '')?.[1];
      return technique === undefined
        ? []
        : [{ file: path.basename(row.path ?? ''), corpus: 'EVTX', techniques: [technique] }];
    });
}

async function huntAll(root: string): Promise<Map<string, Hit[]>> {
  const rules = RULE_FOLDERS.flatMap((folder) => ['--rules', path.join(root, 'sigma', folder)]);
  const inputs = [path.join(root, 'mordor_jsonl'), path.join(root, 'evtx/mdecrevoisier')];
  const { out, code, err } = await runVigie(['hunt', ...inputs, ...rules, '--format', 'jsonl']);
  if (code !== 0 && code !== 3) throw new Error(`hunt ended with ${code}: ${err}`);
  const found = new Map<string, Hit[]>();
  for (const line of out.split('\n').filter((text) => text !== '')) {
    const row = JSON.parse(line) as Record<string, string>;
    const file = path.basename(row['file.path'] ?? '');
    const tags = (row['rule.tags'] ?? '').split(',');
    const hit: Hit = {
      rule: row['rule.name'] ?? '',
      level: row['rule.level'] ?? '',
      techniques: new Set(tags.flatMap((tag) => /^attack\.(t\d{4})/i.exec(tag)?.[1]?.toUpperCase() ?? [])),
      isOurs: ownIds.has(row['rule.id'] ?? ''),
    };
    found.set(file, [...(found.get(file) ?? []), hit]);
  }
  return found;
}

function render(all: readonly Capture[], found: ReadonlyMap<string, readonly Hit[]>): string {
  const byTechnique = new Map<string, Capture[]>();
  for (const capture of all) {
    for (const id of new Set(capture.techniques.map((technique) => technique.slice(0, 5)))) {
      byTechnique.set(id, [...(byTechnique.get(id) ?? []), capture]);
    }
  }
  const hitsOf = (capture: Capture): readonly Hit[] => found.get(capture.file) ?? [];
  const share = (list: readonly Capture[], test: (hit: Hit) => boolean): string =>
    `${list.filter((capture) => hitsOf(capture).some(test)).length}/${list.length}`;
  const rows = [...byTechnique].sort().map(([id, list]) => {
    const agrees = (hit: Hit): boolean => hit.techniques.has(id);
    const missed = list.filter((capture) => !hitsOf(capture).some((hit) => SERIOUS.has(hit.level)));
    const cells = [
      id,
      share(list, agrees),
      share(list, (hit) => hit.isOurs && agrees(hit)),
      share(list, (hit) => SERIOUS.has(hit.level)),
      missed.map((capture) => capture.file.replace(/\.(jsonl|evtx)$/, '')).join('; '),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const total = (test: (hit: Hit) => boolean): string => share(all, test);
  const anyAgrees = all.filter((capture) =>
    hitsOf(capture).some((hit) => capture.techniques.some((id) => hit.techniques.has(id.slice(0, 5)))),
  ).length;
  return `# What a hunt finds on public captures

Written by \`node bench/coverage.ts\` (needs the corpora); do not edit by hand. ${all.length} labelled captures: the OTRF
Windows host captures (JSON) and the EVTX files that are named after a technique. Each is a lab of one attack without
ordinary activity around it: the table tells what is found, never how precise a rule is.

- a finding of level medium or above in ${total((hit) => SERIOUS.has(hit.level))} captures, of any level in ${total(() => true)};
- a finding whose rule names the capture's own technique (parent technique) in ${anyAgrees}/${all.length};
- by our own rules alone: any finding in ${total((hit) => hit.isOurs)}.

"Same technique" counts captures with a finding whose rule is tagged with that technique; "ours" those found so by our
own rules; "medium +" those with any finding of level medium or above, whatever its tag. Last, the captures without one.

| technique | same technique | ours | medium + | no finding of medium or above |
|---|---|---|---|---|
${rows.join('\n')}

${WHY}
`;
}
