import { describe, expect, it } from 'vitest';

import { centrifugoIsGiven } from '../harness/centrifugo.ts';
import { stackForTest } from '../harness/in-file.ts';
import { publishBeforeCommit } from './broken/publish-before-commit.ts';
import { killCentrifugoUnderLoad } from './kill-centrifugo.ts';
import type { Outcome, SendOne } from './kill-centrifugo.ts';

const overRest: SendOne = async ({ conversationId, sender }, message) => {
  const { status, body } = await sender.rest.send(conversationId, message);
  return { status, seq: body.seq };
};

const load = {
  conversations: 10,
  receiversEach: 2,
  sendsPerSecond: 100,
  healthyMs: 2_000,
  downMs: 3_000,
};

function print(name: string, { figures, verdict, notCreated }: Outcome): void {
  const { lost, outOfOrder, shownTwice } = verdict;
  const found = { lost: lost.length, outOfOrder: outOfOrder.length, shownTwice: shownTwice.length };
  console.log(
    `${name}: ${JSON.stringify({ ...found, notCreated: notCreated.length, ...figures })}`,
  );
}

describe.skipIf(centrifugoIsGiven)('Centrifugo killed for 3 s under 100 sends a second', () => {
  it('loses nothing, mixes nothing up, shows nothing twice, and every send is answered meanwhile', async () => {
    const stack = await stackForTest();
    const outcome = await killCentrifugoUnderLoad({
      stack,
      send: overRest,
      ...load,
      graceMs: 15_000,
    });
    print('killed under load', outcome);
    expect(outcome).toMatchObject({
      verdict: { lost: [], outOfOrder: [], shownTwice: [] },
      notCreated: [],
      malformed: [],
    });
    expect(outcome.figures.sentWhileDown).toBeGreaterThan(250);
  }, 120_000);

  it('loses messages when the sender publishes before it commits: the checker sees it', async () => {
    const stack = await stackForTest({ workers: 0 });
    const broken = publishBeforeCommit(stack);
    const outcome = await killCentrifugoUnderLoad({
      stack,
      send: broken.send,
      ...load,
      healthyMs: 500,
      graceMs: 3_000,
    });
    await broken.close();
    print('published before commit', outcome);
    expect(outcome.notCreated).toEqual([]);
    expect(outcome.verdict.lost).not.toEqual([]);
  }, 120_000);
});
