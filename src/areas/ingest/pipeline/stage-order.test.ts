/** A large record goes through the steps alone: when a thread ends for want of memory, it is in hand, not a neighbour. */
import { serialize } from 'node:v8';
import { expect, it, vi } from 'vitest';
import type { LogRecord } from '../../../model/event.ts';
import { loadRules, packPrepared, prepareRules } from '../../../sigma/index.ts';
import { encodeDelivery, writeFrame } from '../spool/format.ts';
import { deliveryOf } from '../spool/testing/harness.ts';
import { createStage } from './stage.ts';

const steps = vi.hoisted((): string[] => []);
const sizeOf = vi.hoisted(() => (length: number) => (length > 1_000 ? 'large' : 'small'));

vi.mock('../../../codecs/index.ts', async (original) => {
  const codecs = await original<typeof import('../../../codecs/index.ts')>();
  const createRecordDecoder: typeof codecs.createRecordDecoder = (options) => {
    const decoder = codecs.createRecordDecoder(options);
    return {
      ...decoder,
      decode(buffer, start, end) {
        steps.push(`decode ${sizeOf(end - start)}`);
        return decoder.decode(buffer, start, end);
      },
    };
  };
  return { ...codecs, createRecordDecoder };
});
vi.mock('../../../normalise/index.ts', async (original) => {
  const engine = await original<typeof import('../../../normalise/index.ts')>();
  const compileContent: typeof engine.compileContent = (...content) => {
    const compiled = engine.compileContent(...content);
    const { normalise } = compiled.value;
    const noted: typeof normalise = (record: LogRecord, context) => {
      steps.push(`normalise ${sizeOf(record.text?.length ?? 0)}`);
      return normalise(record, context);
    };
    return { ...compiled, value: { ...compiled.value, normalise: noted } };
  };
  return { ...engine, compileContent };
});

it('takes a large record through the steps alone', () => {
  const { rules } = loadRules([]);
  const stage = createStage(
    {
      ...{ node: 1, siteZone: 'Europe/Paris', sources: [], envelopes: [], correlated: new Map() },
      prepared: packPrepared(prepareRules(rules.filter((rule) => rule.kind === 'detection')), serialize),
      inHand: new SharedArrayBuffer(16),
    },
    { nowMillis: () => 1, monotonicMillis: () => 1 },
  );
  const encoded = encodeDelivery(deliveryOf(['one', 'two', 'x'.repeat(300_000), 'three']));
  if (encoded === undefined) throw new Error('the sender is too long');
  const bytes = Buffer.alloc(encoded.frameBytes);
  writeFrame(bytes, 0, { marker: Buffer.alloc(8), seq: 1, encoded });
  expect(stage.run({ id: 1, bytes, poison: [] }).events.count).toBe(4);
  expect(steps).toEqual([
    ...['decode small', 'decode small', 'normalise small', 'normalise small'],
    ...['decode large', 'normalise large', 'decode small', 'normalise small'],
  ]);
});
