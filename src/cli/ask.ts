/** Asks the service for a command and checks the answer; a refusal is a sentence for the person. */
import { z } from 'zod';
import type { Bilingual } from '../model/lang.ts';
import { type CommandContext, type Service, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { printable } from './text-table.ts';

const Problem = z.object({ detail: z.string(), place: z.string().optional() });

/** The service could not answer: one line for the person, exit code of a bug or of what is not ready. */
export class ServiceRefused extends Error {
  readonly sentence: string | Bilingual;
  readonly exitCode: number;
  constructor(sentence: string | Bilingual, exitCode: number) {
    super(typeof sentence === 'string' ? sentence : sentence.en);
    this.sentence = sentence;
    this.exitCode = exitCode;
  }
}

/**
 * @param route with its query string
 * @throws UsageError when what was asked is wrong (4xx), ServiceRefused when the service cannot answer
 */
export async function ask<T>(
  service: Service,
  asked: {
    readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
    readonly route: string;
    readonly body?: unknown;
  },
  shape: z.ZodType<T>,
): Promise<T> {
  const answer = await service.ask(asked.method, asked.route, asked.body);
  if (answer.status < 300) return shape.parse(answer.body);
  throw refusal(answer);
}

/**
 * A file of the service.
 * @throws as `ask`
 */
export async function fetchFile(service: Service, route: string): Promise<Uint8Array> {
  const { status, bytes } = await service.file(route);
  if (status < 300) return bytes;
  throw refusal({ status, body: JSON.parse(Buffer.from(bytes).toString('utf8')) });
}

function refusal(answer: { readonly status: number; readonly body: unknown }): Error {
  const problem = Problem.safeParse(answer.body);
  const place = problem.success ? placeText(problem.data.place ?? '') : '';
  const sentence = printable(problem.success ? `${problem.data.detail}${place}` : `HTTP ${answer.status}`);
  return answer.status < 500 ? new UsageError(sentence) : new ServiceRefused(sentence, EXIT.internal);
}

/** Where in the command line: the column of a search, or the option; an id or an SQL text is what the person just wrote. */
function placeText(place: string): string {
  const [, column] = /^query\.q:(\d+)$/.exec(place) ?? [];
  if (column !== undefined) return ` (q:${column})`;
  const [, option] = /^query[./](last|from|to|limit|field|level|kind)$/.exec(place) ?? [];
  if (option !== undefined) return ` (--${option})`;
  return place === 'body/sql' || place.startsWith('params/') ? '' : place && ` (${place})`;
}

/** `?a=1&b=x`, without what is undefined. */
export function queryString(values: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

/** A whole number between limits, from a flag. */
export function countFrom(text: string, most: number, flag: string, { say }: CommandContext): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new UsageError(
    say({
      en: `${flag} "${printable(text)}": a number from 1 to ${most}`,
      fr: `${flag} « ${printable(text)} » : un nombre de 1 à ${most}`,
    }),
  );
}
