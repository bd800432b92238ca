import { setTimeout as sleep } from 'node:timers/promises';

import { PositionQuery, SubscriptionTokenRequest } from '@rov/realtime';
import type { TokenIssuer } from '@rov/realtime/server';
import { Router } from 'express';

import { whoMayHear } from '../core/chat/who-may-hear.ts';
import type { Sql } from '../core/db/database.ts';
import type { AskDatabase } from './ask-database.ts';
import { handle, nothing, ok } from './handle.ts';
import type { ChannelPosition } from './position.ts';
import { Refusal } from './refusal.ts';

type Deps = {
  sql: Sql;
  ask: AskDatabase;
  tokens: TokenIssuer;
  channelPosition: ChannelPosition;
  websocketUrl: string;
};

/** A newcomer hears of their coming, and asks, a moment before it is written down as delivered. */
const LOOK_AGAIN_AFTER_MS = [20, 50, 100, 200, 400];

/** What a client needs to listen: who may connect, who may hear a channel, and where it stands. */
export function realtimeRoutes({ sql, ask, tokens, channelPosition, websocketUrl }: Deps): Router {
  const router = Router();

  async function mayHear(userId: string, channel: string): Promise<void> {
    const verdict = await settled(() => ask.read(() => whoMayHear(sql, { userId, channel })));
    if (verdict === 'not_a_channel') throw new Refusal('not_a_channel');
    if (verdict === 'refused') throw new Refusal('channel_refused');
    if (verdict === 'not_yet') throw new Refusal('conversation_not_ready');
  }

  router.post(
    '/v1/realtime/token',
    handle(nothing, async ({ caller }) => {
      const issued = await tokens.connectionToken({ userId: caller.id });
      return ok({ ...issued, url: websocketUrl });
    }),
  );

  router.post(
    '/v1/realtime/subscription-token',
    handle({ ...nothing, body: SubscriptionTokenRequest }, async ({ caller, body }) => {
      await mayHear(caller.id, body.channel);
      return ok(await tokens.subscriptionToken({ userId: caller.id, channel: body.channel }));
    }),
  );

  router.get(
    '/v1/realtime/position',
    handle({ ...nothing, query: PositionQuery }, async ({ caller, query }) => {
      await mayHear(caller.id, query.channel);
      return ok(await channelPosition.of(query.channel));
    }),
  );

  return router;
}

async function settled<Verdict extends string>(look: () => Promise<Verdict>): Promise<Verdict> {
  for (const pauseMs of LOOK_AGAIN_AFTER_MS) {
    const verdict = await look();
    if (verdict !== 'not_yet') return verdict;
    await sleep(pauseMs);
  }
  return look();
}
