/** The inventory, to read: what the hospital has, and what events name that it does not hold. */
import { z } from 'zod';
import {
  ASSET_KINDS,
  CRITICALITIES,
  type InventoryItem,
  ITEM_TYPES,
  KEY_KINDS,
  type Sighting,
} from '../../../model/live/inventory.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { problems } from '../../openapi.ts';
import { pageOf, pageQuery, sliceList, toPage } from '../../pagination.ts';
import type { InventoryUseCases } from '../../use-cases.ts';

const key = z.object({ kind: z.enum(KEY_KINDS), value: z.string() });
const itemSchema = z
  .object({
    id: z.string(),
    type: z.enum(ITEM_TYPES),
    name: z.string(),
    kind: z.enum(ASSET_KINDS).nullable(),
    criticality: z.enum(CRITICALITIES).nullable().describe("Null: its ward's, else normal"),
    ward: z.string().nullable(),
    owner: z.string().nullable(),
    isPrivileged: z.boolean().nullable(),
    isEnabled: z.boolean().nullable(),
    details: z.record(z.string(), z.string()),
    keys: z.array(key),
  })
  .meta({ id: 'InventoryItem' });
const candidateSchema = z
  .object({ key, firstSeenAt: z.string(), lastSeenAt: z.string(), events: z.number() })
  .meta({ id: 'InventoryCandidate' });
const itemQuery = pageQuery.extend({
  type: z.enum(ITEM_TYPES).optional(),
  ward: z.string().max(200).optional().describe('As the inventory writes it'),
});

export function inventoryRoutes(app: ApiInstance, inventory: InventoryUseCases): void {
  app.route({
    method: 'GET',
    url: '/api/inventory/items',
    config: { scope: 'inventory:read', look: 'inventory' },
    schema: {
      operationId: 'listInventoryItems',
      tags: ['inventory'],
      summary: 'Assets, people, accounts and wards',
      querystring: itemQuery,
      response: { 200: pageOf(itemSchema), ...problems(400) },
    },
    handler: async ({ query }) => {
      const { type, ward } = query;
      const items = (await inventory.items()).filter(
        (item) => (type === undefined || item.type === type) && (ward === undefined || item.ward === ward),
      );
      return toPage(
        sliceList(items, query, ({ id }) => id),
        itemPlain,
      );
    },
  });
  app.route({
    method: 'GET',
    url: '/api/inventory/candidates',
    config: { scope: 'inventory:read', look: 'inventory' },
    schema: {
      operationId: 'listInventoryCandidates',
      tags: ['inventory'],
      summary: 'Names that events hold and the inventory does not, most recently seen first',
      querystring: pageQuery,
      response: { 200: pageOf(candidateSchema), ...problems(400) },
    },
    handler: async ({ query }) =>
      toPage(
        sliceList(await inventory.candidates(), query, ({ key: { kind, value } }) => `${kind} ${value}`),
        candidatePlain,
      ),
  });
}

function itemPlain(item: InventoryItem): z.infer<typeof itemSchema> {
  const { id, type, name, details, keys } = item;
  return {
    id,
    type,
    name,
    kind: item.kind ?? null,
    criticality: item.criticality ?? null,
    ward: item.ward ?? null,
    owner: item.owner ?? null,
    isPrivileged: item.isPrivileged ?? null,
    isEnabled: item.isEnabled ?? null,
    details: Object.fromEntries(Object.entries(details)),
    keys: [...keys],
  };
}

function candidatePlain(seen: Sighting): z.infer<typeof candidateSchema> {
  return {
    key: seen.key,
    firstSeenAt: new Date(seen.firstSeenAtMillis).toISOString(),
    lastSeenAt: new Date(seen.lastSeenAtMillis).toISOString(),
    events: seen.events,
  };
}
