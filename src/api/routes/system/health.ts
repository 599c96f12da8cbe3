/** Is the process alive, is it ready, and its figures: for load balancers, supervisors and Prometheus. */
import { z } from 'zod';
import { ApiError } from '../../errors/problem.ts';
import type { ApiInstance } from '../../http/fastify.ts';
import { problems } from '../../openapi.ts';
import type { RouteContext } from '../../server.ts';

const NOT_READY_RETRY_SECONDS = 5;

export function healthRoutes(app: ApiInstance, context: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/healthz',
    config: { scope: 'open', rateLimit: false },
    schema: {
      operationId: 'getHealth',
      tags: ['system'],
      summary: 'The process is alive',
      response: { 200: z.object({ status: z.literal('ok') }) },
    },
    handler: () => ({ status: 'ok' as const }),
  });
  app.route({
    method: 'GET',
    url: '/readyz',
    config: { scope: 'open', rateLimit: false },
    schema: {
      operationId: 'getReadiness',
      tags: ['system'],
      summary: 'Ready to take and to answer; 503 says what is missing',
      response: { 200: z.object({ status: z.literal('ready') }), ...problems(503) },
    },
    handler: async () => {
      const readiness = await context.readiness();
      if (readiness.isReady) return { status: 'ready' as const };
      throw new ApiError('API_NOT_READY', {
        params: { reason: readiness.missing.join(', ') },
        retryAfterSeconds: NOT_READY_RETRY_SECONDS,
      });
    },
  });
  app.route({
    method: 'GET',
    url: '/metrics',
    config: { scope: 'metrics:read' },
    schema: {
      operationId: 'getMetrics',
      tags: ['system'],
      summary: 'Figures for Prometheus',
      response: {
        200: {
          description: 'Prometheus text format 0.0.4',
          content: { 'text/plain': { schema: z.string() } },
        },
      },
    },
    handler: async (_request, reply) =>
      reply
        .type('text/plain; version=0.0.4; charset=utf-8')
        .send(`${await context.metrics()}${context.httpMetrics.render()}`),
  });
}
