#!/usr/bin/env node
// Starts Vigie with the Node 24 that came with `npm ci` (package `node`), whatever Node runs this file (>= 20).
// Plain JavaScript on purpose: older Nodes cannot run TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const main = path.join(root, 'src', 'main.ts');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// For the embedded event store: its allocator gives memory back at once by default, and the system takes longer to hand
// it out again at the next batch than the batch takes. Read once, when the library is loaded.
process.env.JE_MALLOC_CONF ??= 'thp:always,dirty_decay_ms:60000,muzzy_decay_ms:60000';

// A hunt keeps every processor busy reading, unless told how many: a thread that optimises code beside the readers takes
// turns with them while they run slow code, so each optimises its own, at once (bench/README.md). Before anything else,
// as V8 asks.
const isHuntOnAll =
  process.argv[2] === 'hunt' && !process.argv.some((argument) => argument.startsWith('--threads'));
if (isHuntOnAll) setFlagsFromString('--no-concurrent-recompilation');

if (major > 24 || (major === 24 && minor >= 2)) {
  // Before main.ts, so that what it is turned into comes from the cache and nothing that turns TypeScript is loaded.
  nodeModule.enableCompileCache();
  await import(main);
} else {
  const exe = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = path.join(root, 'node_modules', 'node', 'bin', exe);
  if (!existsSync(node)) {
    process.stderr.write(
      `vigie: needs Node 24 and found ${process.version}; run "npm ci" in ${root} to get it\n`,
    );
    process.exit(70);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; the child decides when to end. A signal sent to us alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal !== null) process.kill(process.pid, signal);
    else process.exitCode = code ?? 70;
  });
}
