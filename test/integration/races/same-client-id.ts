import { randomUUID } from 'node:crypto';

import { createRest } from '../../harness/rest.ts';
import type { Stack } from '../../harness/stack.ts';

const KEYS = 20;
const AT_ONCE = 10;

/** How the ten answers to one key were: different places, and which of them were first or repeated. */
export type Answers = { places: number; created: number; replayed: number };

/** Twenty client ids, five in each of four conversations, each sent ten times at once through every API. */
export async function sameKeyTenTimes(
  stack: Stack,
): Promise<{ answers: Answers[]; stored: number }> {
  const [ann, ben] = await stack.people.persons('Ann', 'Ben');
  const ids = await Promise.all(Array.from({ length: 4 }, () => stack.people.group(ann!, ben!)));
  const doors = stack.apis.map(({ url }) => createRest({ baseUrl: url, token: ann!.token }));
  const lane = async (id: string): Promise<Answers[]> => {
    const answers: Answers[] = [];
    for (let key = 0; key < KEYS / ids.length; key += 1) {
      const message = { clientId: randomUUID(), content: 'once' };
      const sent = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, time) => doors[time % doors.length]!.send(id, message)),
      );
      answers.push({
        places: new Set(sent.map(({ body }) => `${body.id} ${body.seq}`)).size,
        created: sent.filter(({ status }) => status === 201).length,
        replayed: sent.filter(
          ({ status, headers }) => status === 200 && headers.get('idempotent-replayed') === 'true',
        ).length,
      });
    }
    return answers;
  };
  const answers = (await Promise.all(ids.map(lane))).flat();
  const rows = await stack.database.sql`
    SELECT FROM messages WHERE conversation_id = ANY (${ids}::uuid[])`;
  return { answers, stored: rows.length };
}
