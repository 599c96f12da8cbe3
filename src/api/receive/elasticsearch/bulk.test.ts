/** `_bulk` scanning against a plain reading of the same body, and its answers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textsOf } from '../../../../test/api-server.ts';
import { type BulkScan, scanBulk } from './bulk.ts';
import { writeBulkAnswer } from './bulk-answer.ts';
import { createPathFilter, filterAnswer } from './filter-path.ts';

function scan(text: string, maxRecordBytes = 1_000): BulkScan {
  const result = scanBulk(Buffer.from(text), maxRecordBytes);
  if ('problem' in result) throw new Error(`${result.problem} at ${result.line}`);
  return result;
}

function answer(text: string, filterPath?: string): unknown {
  return JSON.parse(
    writeBulkAnswer({
      scan: scan(text, 20),
      receipts: [{ kind: 'accepted' }],
      defaultIndex: 'logs',
      idPrefix: 'x',
      tookMillis: 1.4,
      filter: createPathFilter(filterPath),
    }),
  );
}

describe('scan', () => {
  it('finds every document, whatever the action lines and line ends', () => {
    const action = fc.record({
      name: fc.constantFrom('index', 'create', 'update', 'delete'),
      id: fc.option(fc.oneof(fc.string(), fc.constantFrom('a', 'b', 'a"b', 'é', '')), { nil: undefined }),
      index: fc.constantFrom('x', 'y', undefined),
    });
    const item = fc.record({ action, document: fc.object({ maxDepth: 1 }), crlf: fc.boolean() });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 20 }), (items) => {
        const lines = items.flatMap(({ action: { name, id, index }, document, crlf }) => {
          const end = crlf ? '\r\n' : '\n';
          const head = JSON.stringify({ [name]: { _index: index, _id: id } }) + end;
          return name === 'delete' ? [head] : [head, JSON.stringify(document) + end];
        });
        const body = Buffer.from(lines.join(''));
        const result = scanBulk(body, 1_000_000);
        if ('problem' in result) throw new Error(result.problem);
        expect(result.actions.map(({ name, id, index }) => ({ name, id, index }))).toEqual(
          items.map(({ action: a }) => a),
        );
        const kept = items.filter(({ action: { name } }) => name === 'index' || name === 'create');
        expect(textsOf({ bytes: body, spans: result.spans })).toEqual(
          kept.map(({ document }) => JSON.stringify(document)),
        );
        expect(result.refused.size).toBe(items.length - kept.length);
      }),
    );
  });
  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        scanBulk(Buffer.from(bytes), 100);
      }),
    );
  });
  it('says where a body is malformed', () => {
    expect(scanBulk(Buffer.from('{"index":{}}\n{}'), 10)).toEqual({ line: 0, problem: 'no-newline' });
    expect(scanBulk(Buffer.from('{"index":{}}\n{}\n{"drop":{}}\n{}\n'), 10)).toEqual({
      line: 3,
      problem: 'bad-action',
    });
    expect(scanBulk(Buffer.from('{"index":{}}\n'), 10)).toEqual({ line: 1, problem: 'no-document' });
    expect(scanBulk(Buffer.from('[1]\n'), 10)).toEqual({ line: 1, problem: 'bad-action' });
  });
});

describe('answer', () => {
  it('answers each item with its own id and status', () => {
    const body =
      '{"create":{"_index":"a","_id":"1"}}\n{"m":1}\n{"index":{}}\n{"m":2}\n{"delete":{"_id":"9"}}\n' +
      '{"index":{"_id":"3"}}\n{"m":"longer than twenty bytes"}\n{"index":{"_id":"4"}}\n\r\n';
    expect(answer(body)).toEqual({
      errors: true,
      took: 1,
      items: [
        { create: expect.objectContaining({ _index: 'a', _id: '1', status: 201, result: 'created' }) },
        { index: expect.objectContaining({ _index: 'logs', _id: 'x1', status: 201, _seq_no: 1 }) },
        { delete: expect.objectContaining({ _id: '9', status: 400, error: expect.anything() }) },
        { index: expect.objectContaining({ _id: '3', status: 413 }) },
        { index: expect.objectContaining({ _id: '4', status: 400 }) },
      ],
    });
  });
  it('keeps only what filter_path asks, as the shippers ask it', () => {
    const body = '{"create":{"_id":"1"}}\n{}\n{"delete":{"_id":"2"}}\n';
    expect(answer(body, 'errors,items.*.error,items.*.status')).toEqual({
      errors: true,
      items: [
        { create: { status: 201 } },
        { delete: { status: 400, error: { type: expect.any(String), reason: expect.any(String) } } },
      ],
    });
    expect(answer(body, 'errors')).toEqual({ errors: true });
    expect(answer(body, '-items,-took')).toEqual({ errors: true });
    expect(answer('{"create":{"_id":"1"}}\n{}\n', 'items.*.error')).toEqual({});
  });
  it('filters any answer by names, stars and double stars', () => {
    const value = { version: { number: '1', build: 'x' }, tag: 'y', list: [{ id: 1, name: 'n' }] };
    const filtered = (text: string): unknown => filterAnswer(value, createPathFilter(text));
    expect(filtered('version.number')).toEqual({ version: { number: '1' } });
    expect(filtered('v*n')).toEqual({ version: value.version });
    expect(filtered('**.id')).toEqual({ list: [{ id: 1 }] });
    expect(filtered('-version')).toEqual({ tag: 'y', list: value.list });
    expect(filtered('nothing')).toEqual({});
  });
});
