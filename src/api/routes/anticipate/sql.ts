/** SQL for experts, over the public views only. */
import { z } from 'zod';
import { StoreError } from '../../../model/live/event-store.ts';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { problems } from '../../openapi.ts';
import type { SqlUseCases } from '../../use-cases.ts';

const MAX_SQL_CHARACTERS = 65_536;

export function sqlRoutes(app: ApiInstance, sql: SqlUseCases): void {
  app.route({
    method: 'POST',
    url: '/api/sql',
    config: { scope: 'search', look: 'sql' },
    schema: {
      operationId: 'askSql',
      tags: ['anticipate'],
      summary: 'One read-only SELECT over the v_* views, bounded in time, memory and rows',
      body: z.object({ sql: z.string().min(1).max(MAX_SQL_CHARACTERS) }),
      response: {
        200: z.object({
          columns: z.array(z.object({ name: z.string(), type: z.string() })),
          rows: z.array(z.array(z.unknown())),
          isCut: z.boolean().describe('More rows were there than are let out'),
        }),
        ...problems(400, 503),
      },
    },
    handler: async ({ body }) => {
      const { columns, rows, isCut } = await answer(sql, body.sql);
      return { columns: [...columns], rows: rows.map((row) => [...row]), isCut };
    },
  });
}

async function answer(sql: SqlUseCases, text: string) {
  try {
    return await sql.ask(text);
  } catch (error) {
    if (!(error instanceof StoreError) || error.isRetryable) throw error;
    throw new ApiError('API_INVALID', { params: { reason: error.message }, place: 'body/sql', cause: error });
  }
}
