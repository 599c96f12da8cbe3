/** Asks the running service whether values are listed, and gives what the engine itself would. */
import { z } from 'zod';
import { LEVELS } from '../../model/level.ts';
import { INDICATOR_TYPES, type IntelHit, WARNING_ACTIONS } from '../../model/live/intel.ts';
import { ask } from '../ask.ts';
import type { Service } from '../command.ts';

const bilingual = z.object({ en: z.string(), fr: z.string() });
const Hit = z.object({
  indicator: z.object({
    type: z.enum(INDICATOR_TYPES),
    value: z.string(),
    listId: z.string(),
    confidence: z.number(),
    validFrom: z.string().nullable(),
    validUntil: z.string().nullable(),
    tags: z.array(z.string()),
    reference: z.string().nullable(),
  }),
  list: z.object({ id: z.string(), version: z.string(), title: bilingual, level: z.enum(LEVELS) }),
  field: z.string(),
  value: z.string(),
  warning: z
    .object({ listId: z.string(), title: bilingual, action: z.enum(WARNING_ACTIONS), entry: z.string() })
    .nullable(),
  isEarly: z.boolean(),
});
const Answer = z.object({ items: z.array(z.object({ value: z.string(), hits: z.array(Hit) })) });

export async function askCheck(service: Service, values: readonly string[]) {
  const asked = { method: 'POST', route: '/api/intel/check', body: { values } } as const;
  const { items } = await ask(service, asked, Answer);
  return items.map(({ value, hits }) => ({ value, hits: hits.map(hitOf) }));
}

function hitOf({ indicator, warning, ...hit }: z.infer<typeof Hit>): IntelHit {
  const { validFrom, validUntil, reference, ...known } = indicator;
  return {
    ...hit,
    indicator: {
      ...known,
      ...(validFrom === null ? {} : { validFromMillis: Date.parse(validFrom) }),
      ...(validUntil === null ? {} : { validUntilMillis: Date.parse(validUntil) }),
      ...(reference === null ? {} : { reference }),
    },
    ...(warning === null ? {} : { warning }),
  };
}
