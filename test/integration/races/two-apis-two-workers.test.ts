import { randomUUID } from 'node:crypto';

import { conversationChannel } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { stackForFile } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import type { Recorder } from '../../harness/recorder.ts';
import { createRest, RestProblem } from '../../harness/rest.ts';
import type { Rest } from '../../harness/rest.ts';
import { sameKeyTenTimes } from './same-client-id.ts';
import { sixteenWriters } from './sixteen-writers.ts';

const stack = await stackForFile({ apis: 2, workers: 2 });
const doors = ({ token }: Person): Rest[] =>
  stack.apis.map(({ url }) => createRest({ baseUrl: url, token }));

describe('through two APIs and two workers at once', () => {
  it('sixteen writers on four conversations are numbered and heard in the order of their commits', async () => {
    const { findings, verdict, ...figures } = await sixteenWriters(stack, {
      sendsEach: 40,
      graceMs: 20_000,
    });
    const { rawDuplicates } = verdict;
    console.log(`sixteen writers: ${JSON.stringify({ ...figures, rawDuplicates })}`);
    expect(findings).toEqual([]);
    expect(verdict).toMatchObject({ lost: [], outOfOrder: [], shownTwice: [] });
    expect(figures.snapshots).toBeGreaterThan(100);
    const workers = await stack.database.sql`SELECT DISTINCT worker FROM deliveries`;
    expect(workers).toHaveLength(2);
  }, 120_000);

  it('twenty client ids, each sent ten times at once, are twenty messages', async () => {
    const { answers, stored } = await sameKeyTenTimes(stack);
    expect(answers).toHaveLength(20);
    for (const answer of answers) {
      expect(answer).toEqual({ places: 1, created: 1, replayed: 9 });
    }
    expect(stored).toBe(20);
  });

  it('nobody hears anything of a member behind their removal, and they hear nothing more themselves', async () => {
    const rounds = await Promise.all(Array.from({ length: 8 }, kickAmidSends));
    for (const { witness, removed, benId, id, answered } of rounds) {
      const heard = eventsOf(witness, id);
      const kick = heard.findIndex(({ type }) => type === 'member_left');
      expect(heard.map(({ ev }) => ev)).toEqual(heard.map((_, index) => index + 1));
      expect(heard.slice(kick).filter(({ senderId }) => senderId === benId)).toEqual([]);
      // All that was answered with 201 was heard, and lies before the removal.
      expect(heard.slice(0, kick).filter(({ senderId }) => senderId === benId)).toHaveLength(
        answered,
      );
      expect(heard.slice(kick).filter(({ type }) => type === 'message').length).toBeGreaterThan(0);
      expect(eventsOf(removed, id).filter(({ ev }) => ev > kick)).toEqual([]);
    }
    const counts = rounds.map(({ answered }) => answered);
    console.log(`sends before each removal: ${counts.join(' ')}`);
    expect(Math.max(...counts)).toBeGreaterThan(0);
  }, 60_000);
});

/** Ben talks through both APIs until he is told that he is out; Ann removes him meanwhile, and talks on. */
async function kickAmidSends() {
  const [ann, ben, cem] = await stack.people.persons('Ann', 'Ben', 'Cem');
  const id = await stack.people.group(ann!, ben!, cem!);
  const witness = stack.record({ person: cem!, conversations: [id] });
  const removed = stack.record({ person: ben!, conversations: [id] });
  await Promise.all([witness.ready(), removed.ready()]);

  let answered = 0;
  const talk = async (rest: Rest): Promise<void> => {
    for (;;) {
      try {
        await rest.send(id, { clientId: randomUUID(), content: 'still here' });
        answered += 1;
      } catch (error) {
        if (error instanceof RestProblem && error.code === 'not_found') return;
        throw error;
      }
    }
  };
  const talking = doors(ben!).map(talk);
  await witness.until(() => witness.shown(id).length > 0, { timeoutMs: 10_000, what: 'a message' });
  await doors(ann!)[1]!.removeMember(id, ben!.id);
  await Promise.all(talking);
  await ann!.rest.send(id, { clientId: randomUUID(), content: 'the last word' });
  const { ev } = await ann!.rest.messages(id);
  await witness.until(() => eventsOf(witness, id).some((event) => event.ev === ev), {
    timeoutMs: 10_000,
    what: 'the last word',
  });
  return { witness, removed, benId: ben!.id, id, answered };
}

function eventsOf({ raw }: Recorder, id: string) {
  return raw
    .filter(({ channel }) => channel === conversationChannel(id))
    .map(({ data }) => ({
      type: data['type'] as string,
      ev: data['ev'] as number,
      senderId: (data['message'] as { senderId?: string } | undefined)?.senderId,
    }));
}
