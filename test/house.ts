/** Reads the source tree as the architecture test needs it: files, imports, functions. Parses with oxc-parser. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

export const ROOT = path.resolve(import.meta.dirname, '..');

export interface ImportEdge {
  /** Repository path for relative imports (`src/lib/path.ts`), the bare specifier otherwise (`node:fs`, `zod`). */
  readonly to: string;
  readonly isType: boolean;
}

export interface FunctionSize {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly ImportEdge[];
  readonly functions: readonly FunctionSize[];
}

/** Every TypeScript file below `folder` (tests and their support left out unless asked for). */
export function readHouse(folder = 'src', options: { tests?: boolean } = {}): SourceFile[] {
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => options.tests === true || (!file.includes('.test.') && !file.includes('.prop.')))
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')));
  return files.sort().map(readSource);
}

function readSource(file: string): SourceFile {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const parsed = parseSync(file, text);
  if (parsed.errors.length > 0) throw new Error(`${file} does not parse: ${parsed.errors[0]?.message}`);
  const edge = (specifier: string, isType: boolean): ImportEdge => ({
    to: specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier,
    isType,
  });
  const statics = parsed.module.staticImports.map((entry) =>
    edge(entry.moduleRequest.value, entry.entries.length > 0 && entry.entries.every((name) => name.isType)),
  );
  const reexports = parsed.module.staticExports.flatMap((entry) =>
    entry.entries.flatMap((name) =>
      name.moduleRequest ? [edge(name.moduleRequest.value, name.isType)] : [],
    ),
  );
  const dynamics = parsed.module.dynamicImports.map((entry) =>
    edge(text.slice(entry.moduleRequest.start + 1, entry.moduleRequest.end - 1), false),
  );
  return {
    path: file,
    text,
    lines: text.split('\n').length - 1,
    imports: [...statics, ...reexports, ...dynamics],
    functions: functionsOf(parsed.program, text),
  };
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const FUNCTION_TYPES = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Factories (`createX`) hold other functions: only the lines that are not inside a nested function count. */
function functionsOf(program: unknown, text: string): FunctionSize[] {
  const found: FunctionSize[] = [];
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const span = (node: Node): number => lineOf(node.end) - lineOf(node.start) + 1;

  /** Returns the lines taken by functions directly or indirectly inside `node`. */
  function visit(node: unknown, name: string): number {
    if (node === null || typeof node !== 'object') return 0;
    if (Array.isArray(node)) return node.reduce((sum: number, item) => sum + visit(item, name), 0);
    const current = node as Node;
    if (typeof current.type !== 'string') return 0;
    const ownName = nameOf(current) ?? name;
    let nested = 0;
    for (const [key, value] of Object.entries(current)) if (key !== 'parent') nested += visit(value, ownName);
    if (!FUNCTION_TYPES.has(current.type)) return nested;
    const lines = span(current);
    const parameters = Array.isArray(current.params) ? current.params.length : 0;
    found.push({ name: ownName, line: lineOf(current.start), lines: lines - nested, parameters });
    return lines;
  }
  visit(program, '<module>');
  return found;
}

function nameOf(node: Node): string | undefined {
  const id = (node.id ?? node.key) as { name?: unknown } | null | undefined;
  return typeof id?.name === 'string' ? id.name : undefined;
}
