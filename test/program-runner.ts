/** Runs a command in this process: starting Node takes longer than everything most commands do. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { RECEIVER_KINDS } from '../src/areas/ingest/index.ts';
import type { Service } from '../src/cli/command.ts';
import { createProgram, type ProgramDeps, runProgram } from '../src/cli/program.ts';
import type { Lang } from '../src/model/lang.ts';
import { systemClock } from '../src/platform/clock.ts';
import { readConfig } from '../src/platform/config.ts';
import { openRecordStore } from '../src/store/index.ts';
import type { CommandResult } from './hunt-runner.ts';

const notHere = (): Promise<never> => Promise.reject(new Error('not here'));

/** On a data directory of its own; `--data` is added. */
export async function runIn(
  directory: string,
  args: readonly string[],
  openService: (dataDirectory: string, lang: Lang) => Promise<Service> = notHere,
  openStorage: ProgramDeps['openStorage'] = notHere,
): Promise<CommandResult> {
  const said = { out: '', err: '' };
  const io = {
    out: async (text: string | Uint8Array) => {
      said.out += typeof text === 'string' ? text : Buffer.from(text).toString();
    },
    err: (text: string) => {
      said.err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    width: 120,
    color: false,
    unicode: true,
  };
  const openRecord = (dataDirectory: string) =>
    openRecordStore({ kind: 'sqlite', file: path.join(dataDirectory, 'record.db') }, { clock: systemClock });
  const argv = [...args, '--data', directory];
  const isServiceRunning = async (dataDirectory: string) =>
    existsSync(path.join(dataDirectory, 'vigie.sock'));
  const unused = {
    isServiceRunning,
    runLive: notHere,
    openStorage,
    receiverKinds: async () => RECEIVER_KINDS,
  };
  const deps = { config: readConfig({}), io, clock: systemClock, openRecord, ...unused };
  const program = await createProgram(argv, {
    ...deps,
    openService: ({ dataDirectory, lang }) => openService(dataDirectory, lang),
  });
  return { code: await runProgram(program, argv), ...said };
}
