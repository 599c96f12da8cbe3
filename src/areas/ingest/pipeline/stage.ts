/**
 * What a worker does with frames: each record is decoded, normalised, matched and written as a row. A record that makes
 * a step fail becomes a dead letter with the reason, and the others go on. Some records go through each step together:
 * a step's code and tables are then in the processor's near memory for all but the first of them. Runs in a thread
 * (`worker-loop.ts`), but needs none.
 */
import { deserialize } from 'node:v8';
import { createRecordDecoder, type RecordDecoder } from '../../../codecs/index.ts';
import type { Event, LogRecord } from '../../../model/event.ts';
import type { Issue } from '../../../model/issue.ts';
import type { DeadLetterStep } from '../../../model/live/dead-letter.ts';
import { eventSeq, type Frame, type Sender } from '../../../model/live/delivery.ts';
import { createEventBlock, type RowMeta } from '../../../model/live/event-block.ts';
import type { IntelBuffers } from '../../../model/live/intel.ts';
import { writeDeadLetterRow, writeSignalRow } from '../../../model/live/signal-row.ts';
import type { DetectionRule } from '../../../model/sigma.ts';
import { compileContent } from '../../../normalise/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import { digestHex } from '../../../platform/digest.ts';
import {
  accountOf,
  bodyAt,
  compilePrepared,
  createMatcher,
  fieldText,
  type RuleFacts,
  ruleFacts,
  ruleSignal,
  textOf,
  unpackPrepared,
} from '../../../sigma/index.ts';
import { createFrameReader } from '../spool/format.ts';
import { createIntelSignals } from './intel-signals.ts';
import {
  type BaseMatch,
  STEPS,
  type StepTimes,
  type Work,
  type WorkerSetup,
  type WorkResult,
} from './protocol.ts';
import { createRowBuffer } from './row-buffer.ts';

export interface Stage {
  readonly issues: readonly Issue[];
  /** Other indicators from the next record on. */
  useIntel(buffers: IntelBuffers): void;
  run(work: Work): WorkResult;
}

/** One record in so many is timed, step by step. */
const TIMED_EVERY = 64;
/** Records that go through each step together: so many, or so many bytes. */
const TOGETHER = 64;
const TOGETHER_BYTES = 256 * 1024;
/** Most senders whose format is remembered; beyond, all are told afresh. */
const MAX_SENDERS = 10_000;

const timeless = (): number => 0;

/** A record with all that is known of it from outside. */
interface Arrived {
  readonly frame: Frame;
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly seq: number;
}

/** A record on its way through the steps. */
interface InWork extends Arrived {
  readonly meta: RowMeta;
  /** The clock is read between the steps of a few records only. */
  readonly nowMillis: () => number;
  record: LogRecord | undefined;
  event: Event | undefined;
  /** It became a dead letter. */
  isDead: boolean;
}

export function createStage(setup: WorkerSetup, clock: Clock): Stage {
  const carried = createRecordDecoder({ path: '' });
  const content = compileContent(setup.sources, setup.envelopes, carried.decodeText);
  const { normalise } = content.value;
  const prepared = unpackPrepared(setup.prepared, (place) => deserialize(bodyAt(setup.prepared, place)));
  const { match } = createMatcher(compilePrepared(prepared));
  const facts = new Map<string, RuleFacts>();
  const intel = createIntelSignals();
  intel.use(setup.intel);
  const frames = createFrameReader(setup.node);
  const decoders = createDecoders();
  const inHand = new Float64Array(setup.inHand);
  const events = createEventBlock();
  const signals = createRowBuffer();
  const letters = createRowBuffer();
  let matches: BaseMatch[] = [];
  const counts = createCounts();
  let times = noTimes();
  let step: DeadLetterStep = 'decode';
  let taken = 0;
  let inWork: InWork[] = [];
  let bytesInWork = 0;

  /** Every record in work through one step. */
  function pass(next: DeadLetterStep, work: (item: InWork) => void): void {
    const number = STEPS.indexOf(next);
    step = next;
    for (const item of inWork) {
      if (item.isDead) continue;
      inHand[0] = item.seq;
      inHand[1] = number;
      try {
        work(item);
      } catch (error) {
        item.isDead = true;
        bury(item, reasonOf(error, step));
      }
    }
  }

  function decode(item: InWork): void {
    const from = item.nowMillis();
    item.record = decoders.of(item.frame).decode(item.buffer, item.start, item.end);
    times.decode += (item.nowMillis() - from) * 1000;
  }

  function toEvent(item: InWork): void {
    const from = item.nowMillis();
    item.event = eventOf(item.record as LogRecord, item.frame);
    times.normalise += (item.nowMillis() - from) * 1000;
  }

  function findSignals(item: InWork): void {
    const event = item.event as Event;
    const { meta } = item;
    const from = item.nowMillis();
    for (const rule of match(event)) onMatch(rule, event, meta);
    const between = item.nowMillis();
    for (const signal of intel.of(event, meta)) signals.add(writeSignalRow(signal));
    times.match += (between - from) * 1000;
    times.intel += (item.nowMillis() - between) * 1000;
  }

  function write(item: InWork): void {
    const event = item.event as Event;
    const from = item.nowMillis();
    events.add(event, item.meta);
    counts.add(item.frame.sender.receiver, event.kind.sourceId);
    times.serialise += (item.nowMillis() - from) * 1000;
  }

  function finish(): void {
    pass('decode', decode);
    pass('normalise', toEvent);
    pass('match', findSignals);
    pass('store', write);
    inWork = [];
    bytesInWork = 0;
  }

  function eventOf(record: LogRecord, frame: Frame): Event {
    const context = { siteZone: setup.siteZone, referenceMicros: frame.receivedAtMillis * 1000 };
    const outcome = normalise(record, context);
    if (outcome.kind !== 'ok') throw new DeadRecord(outcome.reason);
    return outcome.value;
  }

  function onMatch(rule: DetectionRule, event: Event, meta: RowMeta): void {
    const { receivedAtMillis } = meta;
    const ref = { node: meta.node, seq: meta.seq };
    const fields = setup.correlated.get(rule.id);
    if (fields !== undefined) matches.push(baseMatch(rule, event, { fields, meta }));
    if (!rule.generates) return;
    const known = facts.get(rule.id) ?? ruleFacts(rule);
    facts.set(rule.id, known);
    signals.add(writeSignalRow(ruleSignal(rule, known, { event, ref, receivedAtMillis, digestHex })));
  }

  function bury(arrived: Arrived, reason: Issue): void {
    const { frame, seq, buffer, start, end } = arrived;
    const { sender, receivedAtMillis } = frame;
    const bytes = buffer.subarray(start, end);
    letters.add(
      writeDeadLetterRow({ id: `${frame.node}.${seq}`, sender, receivedAtMillis, step, reason, bytes }),
    );
  }

  function takeRecord(arrived: Arrived, poison: readonly number[]): void {
    if (poison.length > 0 && poison.includes(arrived.seq)) {
      bury(arrived, issueOf('LIVE_KILLED_WORKER', { reason: 'thread ended' }));
      return;
    }
    if (arrived.end > arrived.buffer.length || arrived.start > arrived.end) {
      bury(arrived, issueOf('LIVE_BAD_SPAN', {}));
      return;
    }
    // Alone: when there is no memory for it, it is in hand as the thread ends, and not one beside it.
    if (arrived.end - arrived.start >= TOGETHER_BYTES) finish();
    const isTimed = ++taken % TIMED_EVERY === 0;
    if (isTimed) times.timedRecords++;
    const nowMillis = isTimed ? clock.monotonicMillis : timeless;
    const { frame, buffer, start, end, seq } = arrived;
    const { node, sender, receivedAtMillis } = frame;
    // Written out: to spread an object costs several times as much, and this is done for every record.
    const meta = { node, seq, sender, receivedAtMillis };
    inWork.push({
      frame,
      buffer,
      start,
      end,
      seq,
      meta,
      nowMillis,
      record: undefined,
      event: undefined,
      isDead: false,
    });
    bytesInWork += end - start;
    if (inWork.length >= TOGETHER || bytesInWork >= TOGETHER_BYTES) finish();
  }

  function takeFrame(frame: Frame, poison: readonly number[]): void {
    const { spans, bytes } = frame;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let index = 0; index * 2 < spans.length; index++) {
      const start = spans[index * 2] ?? 0;
      const end = spans[index * 2 + 1] ?? 0;
      takeRecord({ frame, buffer, start, end, seq: eventSeq(frame.seq, index) }, poison);
    }
  }

  return {
    issues: content.issues,
    useIntel: intel.use,
    run(work) {
      const { bytes } = work;
      frames.each(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), (frame) =>
        takeFrame(frame, work.poison),
      );
      finish();
      const result = {
        id: work.id,
        events: events.take(),
        signals: signals.take(),
        deadLetters: letters.take(),
        matches,
        bySource: counts.take(),
        times,
        suppressed: intel.takeSuppressed(),
      };
      matches = [];
      times = noTimes();
      return result;
    },
  };
}

/** A step's own way of saying that a record cannot go on. */
class DeadRecord extends Error {
  readonly issue: Issue;
  constructor(issue: Issue) {
    super(issue.code);
    this.issue = issue;
  }
}

function reasonOf(error: unknown, step: DeadLetterStep): Issue {
  if (error instanceof DeadRecord) return error.issue;
  return issueOf('LIVE_STEP_THREW', { step, reason: error instanceof Error ? error.message : String(error) });
}

function issueOf(code: Issue['code'], params: Record<string, string | number>): Issue {
  return { code, place: {}, params };
}

/** Records by receiver and source; many of one kind come in a row, and are added together. */
function createCounts() {
  let counted = new Map<string, Map<string, number>>();
  let lastReceiver = '';
  let lastSource = '';
  let inRow = 0;

  function settle(): void {
    if (inRow === 0) return;
    const sources = counted.get(lastReceiver) ?? new Map<string, number>();
    counted.set(lastReceiver, sources);
    sources.set(lastSource, (sources.get(lastSource) ?? 0) + inRow);
    inRow = 0;
  }

  return {
    add(receiver: string, sourceId: string): void {
      if (receiver !== lastReceiver || sourceId !== lastSource) {
        settle();
        lastReceiver = receiver;
        lastSource = sourceId;
      }
      inRow += 1;
    },
    take(): ReadonlyMap<string, ReadonlyMap<string, number>> {
      settle();
      const taken = counted;
      counted = new Map();
      return taken;
    },
  };
}

function noTimes(): StepTimes {
  return { timedRecords: 0, decode: 0, normalise: 0, match: 0, intel: 0, serialise: 0 };
}

function baseMatch(
  rule: DetectionRule,
  event: Event,
  { fields, meta }: { readonly fields: readonly string[]; readonly meta: RowMeta },
): BaseMatch {
  const values: Record<string, string> = {};
  for (const field of fields) {
    const value = fieldText(rule, event, field);
    if (value !== undefined) values[field] = value;
  }
  return {
    ruleId: rule.id,
    atMicros: event.time?.epochMicros ?? meta.receivedAtMillis * 1000,
    receivedAtMillis: meta.receivedAtMillis,
    values,
    ref: { node: meta.node, seq: meta.seq },
    host: textOf(event.ecs['host.name']),
    account: accountOf(textOf(event.ecs['user.name'])),
  };
}

/** One decoder a sender and forced format. */
function createDecoders(): { of(frame: Frame): RecordDecoder } {
  const known = new Map<Sender, RecordDecoder>();
  return {
    of(frame) {
      // The frame reader gives one object a sender and format.
      let decoder = known.get(frame.sender);
      if (decoder === undefined) {
        if (known.size >= MAX_SENDERS) known.clear();
        const { format } = frame;
        decoder = createRecordDecoder({
          path: frame.sender.peer,
          ...(format === undefined ? {} : { format }),
        });
        known.set(frame.sender, decoder);
      }
      return decoder;
    },
  };
}
