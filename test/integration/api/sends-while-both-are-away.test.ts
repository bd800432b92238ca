import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { centrifugoIsGiven } from '../../harness/centrifugo.ts';
import { ownRedisForTest, stackForTest } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import { percentile } from '../../harness/percentile.ts';
import { judge } from '../../harness/verdict.ts';
import type { AcknowledgedSend } from '../../harness/verdict.ts';

const SENDS = 300;
const AT_ONCE = 6;

type Sent = AcknowledgedSend & { status: number; ms: number };

/** One after the other in each conversation, all conversations at once. */
async function sends(sender: Person, ids: string[]): Promise<Sent[]> {
  const lane = async (conversationId: string): Promise<Sent[]> => {
    const sent: Sent[] = [];
    for (let n = 0; n < SENDS / ids.length; n += 1) {
      const clientId = randomUUID();
      const startedAt = performance.now();
      const { status, body } = await sender.rest.send(conversationId, {
        clientId,
        content: 'hello',
      });
      const ms = performance.now() - startedAt;
      sent.push({ conversationId, clientId, seq: body.seq, status, ms });
    }
    return sent;
  };
  return (await Promise.all(ids.map(lane))).flat();
}

const times = (sent: Sent[]): string => {
  const ms = sent.map((one) => one.ms);
  return `p50 ${percentile(ms, 50)} ms, p95 ${percentile(ms, 95)} ms`;
};

describe.skipIf(centrifugoIsGiven)('Redis and Centrifugo both killed', () => {
  it('sends are answered as always, and heard when both are back', async () => {
    const redis = await ownRedisForTest();
    const stack = await stackForTest({ redisUrl: redis.url });
    const [ann, ben] = await stack.people.persons('Ann', 'Ben');
    const ids = await Promise.all(
      Array.from({ length: AT_ONCE }, () => stack.people.group(ann!, ben!)),
    );
    const page = stack.record({ person: ben!, conversations: ids });
    await page.ready();
    // The first of a process are slower, whatever is up or down.
    const warm = await sends(ann!, ids);
    const healthy = await sends(ann!, ids);

    await Promise.all([redis.kill(), stack.centrifugo.kill()]);
    const away = await sends(ann!, ids);
    expect([...warm, ...healthy, ...away].filter(({ status }) => status !== 201)).toEqual([]);
    console.log(`sends, all up: ${times(healthy)}; Redis and Centrifugo killed: ${times(away)}`);

    await stack.centrifugo.restart();
    const sent = [...warm, ...healthy, ...away];
    const shown = (): number => ids.reduce((sum, id) => sum + page.shown(id).length, 0);
    await page.until(() => page.isReady() && shown() >= sent.length, {
      timeoutMs: 30_000,
      what: () => `${sent.length} messages (${shown()} were shown)`,
    });
    expect(judge(sent, [page])).toMatchObject({ lost: [], outOfOrder: [], shownTwice: [] });
  }, 120_000);
});
