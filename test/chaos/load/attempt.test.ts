import { expect, test } from 'vitest';

import { RestProblem } from '../../harness/rest.ts';
import { attempt } from './attempt.ts';

const problem = (status: number): RestProblem =>
  new RestProblem('POST', { status, code: `code_${status}` } as never);

test('asks one API after the other until one answers', async () => {
  const asked: number[] = [];
  const done = await attempt(
    async (api) => {
      asked.push(api);
      if (asked.length === 1) throw problem(503);
      if (asked.length === 2)
        throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
      return 'stored';
    },
    { firstApi: 1, apis: 2 },
  );
  expect(asked).toEqual([1, 0, 1]);
  expect(done).toMatchObject({ outcome: 'acknowledged', answer: 'stored', tries: 3 });
  expect(done.problems).toHaveLength(2);
});

test('a no for good is no at once', async () => {
  const refused = await attempt(
    async () => {
      throw problem(404);
    },
    { firstApi: 0, apis: 2 },
  );
  expect(refused).toMatchObject({ outcome: 'refused', tries: 1, refusal: { status: 404 } });
});

test('who has no patience asks once, and does not know what became of it', async () => {
  const left = await attempt(
    async () => {
      throw problem(503);
    },
    { firstApi: 0, apis: 2, patience: 'none' },
  );
  expect(left).toMatchObject({ outcome: 'unanswered', tries: 1, problems: ['503 code_503'] });
});
