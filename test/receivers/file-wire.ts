/** A program that writes a log file, for the conformance suite. */
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Harness } from './harness.ts';

const LIMIT = 2_000;

export const FILE_HARNESS: Harness = {
  kind: 'files',
  peer: /\/logs-app\.log$/,
  canWait: true,
  listens: false,
  maxRecordBytes: LIMIT,
  options: (directory) => ({
    paths: [path.join(directory, 'logs-*')],
    maxRecordBytes: LIMIT,
    pollMillis: 10,
    scanMillis: 20,
  }),
  connect(_opened, directory) {
    const file = path.join(directory, 'logs-app.log');
    let rounds = 0;
    return Promise.resolve({
      async send(records) {
        appendFileSync(file, records.map((record) => `${record}\n`).join(''), 'latin1');
      },
      async sendGarbage() {
        const other = path.join(directory, `logs-noise-${rounds++}`);
        writeFileSync(other, Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 37) % 251)));
        if (rounds % 2 === 0) rmSync(other);
      },
      close: () => Promise.resolve(),
    });
  },
};
