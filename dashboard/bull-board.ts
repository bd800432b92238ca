import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { RequestHandler } from 'express';

import type { DrainQueue } from '../core/queue/drain-queue.ts';
import type { Role } from './operators.ts';

export const BOARD_PATH = '/queues';

/** Bull Board over the drain queue, to be mounted at {@link BOARD_PATH}. A viewer's refuses every write. */
export function createBoard({ queue, role }: { queue: DrainQueue; role: Role }): RequestHandler {
  const serverAdapter = new OfflineAdapter();
  serverAdapter.setBasePath(BOARD_PATH);
  const readOnlyMode = role === 'viewer';
  createBullBoard({
    queues: [
      new BullMQAdapter(queue, {
        readOnlyMode,
        description: 'One job a shard: a doorbell. Payloads stay in Postgres.',
      }),
    ],
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: readOnlyMode ? 'Queue (read only)' : 'Queue',
        miscLinks: [{ text: 'Delivery', url: '/' }],
        hideDocsLink: true,
      },
    },
  });
  return (request, response, next) => serverAdapter.handle(request, response, next);
}

/** Bull Board's page asks a font service for its fonts; ours must not ask anybody for anything. */
class OfflineAdapter extends ExpressAdapter {
  constructor() {
    super();
    this.app.disable('x-powered-by');
  }

  override setEntryRoute(route: Parameters<ExpressAdapter['setEntryRoute']>[0]): this {
    this.app.get(route.route, (_request, response, next) => {
      const { basePath, uiConfig } = this;
      const { name, params } = route.handler({ basePath, uiConfig });
      response.render(name, params, (error: Error | null, page: string | undefined) => {
        if (error) next(error);
        else response.set('Cache-Control', 'no-store').send(page?.replaceAll(FOREIGN_LINK, ''));
      });
    });
    return this;
  }

  handle(...exchange: Parameters<RequestHandler>): void {
    this.app(...exchange);
  }
}

const FOREIGN_LINK = /<link\b[^>]*\bhref="https?:[^>]*>/g;
