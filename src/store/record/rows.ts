/** Checks rows on their way out: a row changed from outside is named, never passed on half understood. */
import { z } from 'zod';
import { RecordError } from '../../model/live/record-store.ts';

/** A nullable column as the optional property it becomes. */
export const optionalText = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);
export const optionalNumber = z
  .number()
  .nullable()
  .transform((value) => value ?? undefined);

/** JSON text of the given shape. */
export function jsonText<T>(schema: z.ZodType<T>): z.ZodType<T, string> {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema as z.ZodType<T, unknown>);
}

/** @throws RecordError RECORD_ROW */
export function parseRows<T>(table: string, schema: z.ZodType<T>, rows: readonly unknown[]): T[] {
  return rows.map((row) => parseRow(table, schema, row));
}

/** @throws RecordError RECORD_ROW */
export function parseRow<T>(table: string, schema: z.ZodType<T>, row: unknown): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  const reason = `${first?.path.join('.') ?? ''}: ${first?.message ?? ''}`;
  throw new RecordError({ code: 'RECORD_ROW', place: {}, params: { table, reason } });
}
