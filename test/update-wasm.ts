/** `npm run wasm`: writes `src/sigma/match/line-memory-code.ts` from `line-memory.wat`. */
import { writeFileSync } from 'node:fs';
import { CODE_FILE, codeFile } from './wasm-code.ts';

writeFileSync(CODE_FILE, await codeFile());
process.stdout.write(`${CODE_FILE} is written\n`);
