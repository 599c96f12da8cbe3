/** Sources: every sender with what it sends, how late, how well understood, and who is silent. */
import { z } from 'zod';
import type { SenderFacts, SourceFacts, SourcesReport } from '../../../model/live/source-facts.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { problems } from '../../openapi.ts';
import { pageOf, pageQuery, sliceList, toPage } from '../../pagination.ts';
import type { SourceUseCases } from '../../use-cases.ts';

const seconds = z.number().nullable();
const sourceSchema = z
  .object({
    sourceId: z
      .string()
      .describe('What the records are; unknown: not recognised, syslog: only the header was'),
    format: z.string(),
    events: z.number(),
    bytes: z.number(),
    firstReceivedAt: z.string(),
    lastReceivedAt: z.string(),
    firstEventAt: z.string(),
    lastEventAt: z.string(),
    skewSeconds: z
      .object({ low: z.number(), median: z.number(), high: z.number() })
      .nullable()
      .describe('Reception minus event time, quartiles'),
    isClockOff: z.boolean().describe('More than a minute off, and steadily so'),
    undated: z.number().describe('Events without a usable time of their own'),
    withoutYear: z.number(),
    withoutZone: z.number(),
    isUnparsed: z.boolean(),
    sampleEvent: z.string().describe('One of its events, as node.seq'),
  })
  .meta({ id: 'Source' });
const senderSchema = z
  .object({
    receiver: z.string(),
    peer: z.string(),
    identity: z.string().nullable(),
    name: z.string().nullable(),
    silence: z.object({
      isSilent: z.boolean(),
      basis: z.enum(['learnt', 'default']),
      sinceAt: z.string(),
      seconds: z.number(),
      missedSeconds: z.number().describe('In which it should have spoken'),
      usualSeconds: seconds,
      limitSeconds: z.number(),
      daysAsLong: z.number().nullable(),
      daysKnown: z.number().nullable(),
    }),
    events: z.number(),
    bytes: z.number(),
    unparsedShare: z.number(),
    deadLetters: z.number(),
    sources: z.array(sourceSchema),
  })
  .meta({ id: 'Sender' });
const reportSchema = pageOf(senderSchema).extend({
  at: z.string().describe('The instant silences are judged at'),
  isListening: z.boolean(),
  from: z.string(),
  isCut: z.boolean().describe('There are more than are told'),
  receivers: z
    .array(
      z.object({
        id: z.string(),
        kind: z.string(),
        records: z.number(),
        refused: z.number(),
        lost: z.number(),
        malformed: z.number(),
      }),
    )
    .describe('Counted since this process started'),
});
const sourcesQuery = pageQuery.extend({ from: z.iso.datetime({ offset: true }).optional() });

export function sourceRoutes(app: ApiInstance, sources: SourceUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/sources',
    config: { scope: 'sources:read' },
    schema: {
      operationId: 'listSources',
      tags: ['ingest'],
      summary: 'Senders, silent ones first, with what they send',
      querystring: sourcesQuery,
      response: { 200: reportSchema, ...problems(400) },
    },
    handler: async ({ query }) => {
      const report = await sources.report(query.from === undefined ? undefined : Date.parse(query.from));
      return { ...toPage(sliceList(report.senders, query, keyOf), toPlain), ...restOf(report) };
    },
  });
}

function keyOf({ receiver, peer, identity }: SenderFacts): string {
  return JSON.stringify([receiver, peer, identity ?? '']);
}

function restOf({ atMillis, isListening, sinceMillis, isCut, receivers }: SourcesReport) {
  return { at: iso(atMillis), isListening, from: iso(sinceMillis), isCut, receivers: [...receivers] };
}

function toPlain(sender: SenderFacts): z.infer<typeof senderSchema> {
  const { silence, identity = null, name = null } = sender;
  const { sinceMillis, ...judged } = silence;
  return {
    receiver: sender.receiver,
    peer: sender.peer,
    identity,
    name,
    silence: {
      ...judged,
      sinceAt: iso(sinceMillis),
      usualSeconds: judged.usualSeconds ?? null,
      daysAsLong: judged.daysAsLong ?? null,
      daysKnown: judged.daysKnown ?? null,
    },
    events: sender.events,
    bytes: sender.bytes,
    unparsedShare: sender.unparsedShare,
    deadLetters: sender.deadLetters,
    sources: sender.sources.map(sourcePlain),
  };
}

function sourcePlain(source: SourceFacts): z.infer<typeof sourceSchema> {
  const { skew, sample } = source;
  return {
    sourceId: source.sourceId,
    format: source.format,
    events: source.events,
    bytes: source.bytes,
    firstReceivedAt: iso(source.firstReceivedAtMillis),
    lastReceivedAt: iso(source.lastReceivedAtMillis),
    firstEventAt: iso(source.firstTimeMicros / 1_000),
    lastEventAt: iso(source.lastTimeMicros / 1_000),
    skewSeconds:
      skew === undefined
        ? null
        : { low: skew.lowSeconds, median: skew.medianSeconds, high: skew.highSeconds },
    isClockOff: source.isClockOff,
    undated: source.undated,
    withoutYear: source.withoutYear,
    withoutZone: source.withoutZone,
    isUnparsed: source.isUnparsed,
    sampleEvent: `${sample.node}.${sample.seq}`,
  };
}

function iso(millis: number): string {
  return new Date(Math.floor(millis)).toISOString();
}
