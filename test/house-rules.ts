/** The rules the architecture test holds, each a pure function from the house to the list of what breaks it. */
import type { SourceFile } from './house.ts';

const ENGINES = ['codecs', 'normalise', 'sigma', 'query', 'intel', 'behaviour', 'evidence'] as const;

/** Layer → layers it may import, beside itself. `areas/x` may import only its own area. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  model: ['lib'],
  codecs: ['lib', 'model'],
  normalise: ['lib', 'model'],
  sigma: ['lib', 'model'],
  query: ['lib', 'model'],
  intel: ['lib', 'model'],
  behaviour: ['lib', 'model'],
  evidence: ['lib', 'model'],
  platform: ['lib', 'model'],
  store: ['lib', 'model', 'platform'],
  areas: ['lib', 'model', 'platform', 'store', ...ENGINES],
  api: ['lib', 'model', 'platform', 'areas'],
  cli: ['lib', 'model', 'platform', 'areas'],
  app: ['lib', 'model', 'platform', 'store', ...ENGINES, 'areas', 'api', 'cli'],
  main: ['app'],
};

/** `src/sigma/x.ts` → `sigma`; `src/areas/respond/x.ts` → `areas/respond`; `src/app.ts` → `app`. */
function layerOf(file: string): string {
  const parts = file.replace(/^src\//, '').split('/');
  const head = (parts[0] ?? '').replace(/\.ts$/, '');
  return head === 'areas' ? `areas/${parts[1]}` : head;
}

export function brokenImports(house: readonly SourceFile[]): string[] {
  return house.flatMap((file) =>
    file.imports
      .filter((edge) => edge.to.startsWith('src/') && !mayImport(layerOf(file.path), layerOf(edge.to)))
      .map((edge) => `${file.path} may not import ${edge.to}`),
  );
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  const kind = from.startsWith('areas/') ? 'areas' : from;
  if (kind === 'areas' && to.startsWith('areas/')) return false;
  const target = to.startsWith('areas/') ? 'areas' : to;
  return MAY_IMPORT[kind]?.includes(target) ?? false;
}

/** From outside, an engine or an area is entered through its `index.ts` only, or that of one of its parts. */
export function brokenDoors(house: readonly SourceFile[]): string[] {
  const hasDoor = (layer: string): boolean =>
    layer.startsWith('areas/') || ENGINES.some((engine) => engine === layer);
  return house.flatMap((file) =>
    file.imports
      .filter((edge) => edge.to.startsWith('src/'))
      .filter((edge) => hasDoor(layerOf(edge.to)) && layerOf(edge.to) !== layerOf(file.path))
      .filter((edge) => !isDoor(edge.to))
      .map((edge) => `${file.path} must enter ${layerOf(edge.to)} by its door, not ${edge.to}`),
  );
}

/** `src/LAYER/index.ts` or `src/LAYER/PART/index.ts`. */
function isDoor(file: string): boolean {
  const [part, ...rest] = file
    .slice(`src/${layerOf(file)}/`.length)
    .split('/')
    .reverse();
  return part === 'index.ts' && rest.length <= 1;
}

/** Each cycle once, as its files joined by arrows. */
export function valueCycles(house: readonly SourceFile[]): string[] {
  const edges = new Map(
    house.map((file) => [file.path, file.imports.filter((edge) => !edge.isType).map((edge) => edge.to)]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  function visit(file: string, trail: readonly string[]): void {
    const seenAt = trail.indexOf(file);
    if (seenAt !== -1) {
      cycles.push([...trail.slice(seenAt), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  }
  for (const file of edges.keys()) visit(file, []);
  return cycles;
}

const PURE_NODE_MODULES = new Set(['node:buffer']);
const IMPURE_TEXT =
  /\bDate\.now\(|\bnew Date\(\)|\bperformance\.|(?<!['.\w])process\.|\bMath\.random\(|\bset(Timeout|Interval|Immediate)\(|\bnew Function\(|\beval\(/;

export function brokenPurity(house: readonly SourceFile[]): string[] {
  const pure = house.filter((file) =>
    [...ENGINES, 'lib', 'model'].some((layer) => layer === layerOf(file.path)),
  );
  return pure.flatMap((file) => [
    ...file.imports
      .filter((edge) => edge.to.startsWith('node:') && !PURE_NODE_MODULES.has(edge.to))
      .map((edge) => `${file.path} imports ${edge.to}`),
    ...linesWith(file, IMPURE_TEXT),
  ]);
}

/** What may stand in one place only, and that place. */
const SINGLETONS: readonly { readonly what: RegExp; readonly where: RegExp }[] = [
  { what: /\bprocess\.env\b/, where: /^src\/platform\/config/ },
  { what: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/, where: /^src\/platform\/clock/ },
  { what: /\bfetch\(|from 'node:(http|https|http2)'/, where: /^src\/platform\/http/ },
  { what: /from 'node:(net|tls|dgram)'/, where: /^src\/platform\/net/ },
  { what: /from 'fastify'/, where: /^src\/api\// },
  { what: /from '(@clickhouse\/client|chdb|node:sqlite|kysely|pg)/, where: /^src\/store\// },
  { what: /\bconsole\./, where: /^never/ },
];

export function brokenSingletons(house: readonly SourceFile[]): string[] {
  return house.flatMap((file) =>
    SINGLETONS.filter((rule) => !rule.where.test(file.path)).flatMap((rule) => linesWith(file, rule.what)),
  );
}

function linesWith(file: SourceFile, pattern: RegExp): string[] {
  return file.text
    .split('\n')
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => pattern.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line))
    .map(({ line, index }) => `${file.path}:${index + 1} ${line.trim()}`);
}

const BUDGET = { fileLines: 400, functionLines: 80, parameters: 4 } as const;

/** What is over budget → its size. Keys: `file:<path>`, `function:<path>:<name>`, `parameters:<path>:<name>`. */
export function overSize(house: readonly SourceFile[]): Record<string, number> {
  const over: Record<string, number> = {};
  const isData = (file: SourceFile): boolean => file.functions.length === 0;
  for (const file of house) {
    if (file.lines > BUDGET.fileLines && !isData(file)) over[`file:${file.path}`] = file.lines;
    for (const item of file.functions) {
      if (item.lines > BUDGET.functionLines) over[`function:${file.path}:${item.name}`] = item.lines;
      if (item.parameters > BUDGET.parameters) over[`parameters:${file.path}:${item.name}`] = item.parameters;
    }
  }
  return over;
}
