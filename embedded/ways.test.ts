import { expect, test } from 'vitest';

import { serverByUrl } from './server.ts';
import { firstWay, NotHere } from './ways.ts';
import type { Way } from './ways.ts';

const server = serverByUrl({ part: 'redis', url: 'redis://127.0.0.1:1', variable: 'REDIS_URL' });
const works: Way = { tier: 'PATH', start: async () => server };
const away = (reason: string): Way => ({ tier: 'other', start: async () => new NotHere(reason) });

test('the first way that applies is taken, and says why the ones before did not', async () => {
  const ways = [away(''), away('no Docker daemon'), works, away('never asked')];
  const found = await firstWay({ part: 'redis', ways, remedies: [] });
  expect(found).toMatchObject({ tier: 'REDIS_URL', why: 'no Docker daemon' });
});

test('when none applies the message has every reason and what would help', async () => {
  const search = firstWay({
    part: 'redis',
    ways: [away('no redis-server on PATH'), away('no Docker daemon')],
    remedies: ['install Redis', 'start Docker'],
  });
  await expect(search).rejects.toThrow(
    'There is no way to run redis here (no redis-server on PATH; no Docker daemon). Any one of these helps:\n  - install Redis\n  - start Docker',
  );
});

test('a way that applies and fails ends the search, since another would show other data', async () => {
  const broken: Way = {
    tier: 'PATH',
    start: () => Promise.reject(new Error('its folder is damaged')),
  };
  await expect(firstWay({ part: 'redis', ways: [broken, works], remedies: [] })).rejects.toThrow(
    'damaged',
  );
});
