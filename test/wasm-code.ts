/** The WebAssembly that we keep as a text of code: what the file must hold, made from its source by wabt. */
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import loadWabt from 'wabt';

const FOLDER = path.join(import.meta.dirname, '../src/sigma/match');
const SOURCE_FILE = path.join(FOLDER, 'line-memory.wat');
export const CODE_FILE = path.join(FOLDER, 'line-memory-code.ts');

/** The whole text of `line-memory-code.ts`; throws with the place when the source is wrong. */
export async function codeFile(): Promise<string> {
  const wabt = await loadWabt();
  const module = wabt.parseWat('line-memory.wat', readFileSync(SOURCE_FILE, 'utf8'), { simd: true });
  module.validate();
  const code = Buffer.from(module.toBinary({}).buffer).toString('base64');
  module.destroy();
  return `/** Written by \`npm run wasm\` from line-memory.wat: base64 of the module. */\nexport const LINE_MEMORY_CODE =\n  '${code}';\n`;
}
