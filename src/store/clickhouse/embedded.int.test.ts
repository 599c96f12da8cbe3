/** The event store, embedded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { testEventStore } from '../../../test/event-store-suite.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'vigie-embedded-'));
testEventStore('the embedded event store', async () => ({ kind: 'embedded', directory }));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
