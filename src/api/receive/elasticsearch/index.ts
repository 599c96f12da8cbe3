/**
 * Vigie as an Elasticsearch to send to: `_bulk` and what shippers ask before they use it. It is not one to search
 * in, and holds no templates, policies or pipelines: it says so where it can (docs/manual/connect-http.md).
 */
import type { ApiInstance } from '../../http/fastify.ts';
import type { RouteContext } from '../../server.ts';
import type { BodyRoom } from '../body.ts';
import { installBodyReader } from '../body.ts';
import { createDelivering } from '../deliver.ts';
import { bulkRoutes } from './bulk-route.ts';
import { documentRoutes, probeRoutes } from './probe-routes.ts';
import { installShape } from './shape.ts';

export function elasticsearchReceiver(room: BodyRoom) {
  return (app: ApiInstance, context: RouteContext): void => {
    void app.register((scoped: ApiInstance, _options, done) => {
      installShape(scoped, context.log);
      installBodyReader(scoped, { ...context, room, receiver: 'http-bulk' });
      const delivering = createDelivering('http-bulk', context);
      bulkRoutes(scoped, context, delivering);
      documentRoutes(scoped, context, delivering);
      probeRoutes(scoped, context);
      done();
    });
  };
}
