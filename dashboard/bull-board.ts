import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { RequestHandler } from 'express';

import type { DrainQueue } from '../core/queue/drain-queue.ts';
import type { Role } from './operators.ts';

export const BOARD_PATH = '/queues';

/**
 * Bull Board over the drain queue, to be mounted at {@link BOARD_PATH}. A viewer's refuses every write.
 * `onFault` hears of what it answered with a 500, mostly a Redis that is away.
 */
export function createBoard(context: {
  queue: DrainQueue;
  role: Role;
  onFault: (error: Error) => void;
}): RequestHandler {
  const { queue, role, onFault } = context;
  const serverAdapter = new OfflineAdapter(onFault);
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
  readonly #onFault: (error: Error) => void;

  constructor(onFault: (error: Error) => void) {
    super();
    this.#onFault = onFault;
    this.app.disable('x-powered-by');
  }

  override setErrorHandler(handler: Parameters<ExpressAdapter['setErrorHandler']>[0]): this {
    return super.setErrorHandler((error) => {
      const answer = handler(error);
      if ((answer.status ?? 500) >= 500) this.#onFault(error);
      return answer;
    });
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
