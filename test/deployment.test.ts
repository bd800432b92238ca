import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { IMAGES } from '../embedded/containers.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const lines = (file: string) => read(file).split('\n');
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, one]) => one!);

const compose = read('docker-compose.yml');
const example = read('.env.example');
const explained = new Set(all(example, /^(?:# )?([A-Z][A-Z_]+)=/gm));

describe('docker-compose.yml', () => {
  test('uses only variables that .env.example explains', () => {
    const used = new Set(all(compose, /\$\{([A-Z_]+)/g));
    expect(used.size).toBeGreaterThan(10);
    expect([...used].filter((name) => !explained.has(name))).toEqual([]);
  });

  test('does not start without its secrets, and .env.example gives none', () => {
    const secret = /_KEY$|_SECRET$|PASSWORD$|^OPERATORS$/;
    const names = [...explained].filter((name) => secret.test(name));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      expect(example).toMatch(new RegExp(`^${name}=(?:'')?$`, 'm'));
      // Which of the two ways to know users is meant, the api itself finds out.
      if (name === 'AUTH_JWT_SECRET') continue;
      const uses = all(compose, new RegExp(`\\$\\{(${name}[^}]*)\\}`, 'g'));
      expect(uses.length).toBeGreaterThan(0);
      for (const use of uses) expect(use).toBe(`${name}:?set it in .env`);
    }
  });

  test('pins every image, and the tests run on the same ones', () => {
    const images = all(compose, /^\s+image: (\S+)$/gm);
    for (const image of images) expect(image).toMatch(/:v?\d/);
    expect(images).toEqual(expect.arrayContaining(Object.values(IMAGES)));
  });

  test('starts again what ends by itself, and lets nothing take all of the machine', () => {
    const services = compose
      .split(/^services:$/m)[1]!
      .split(/^\S/m)[0]!
      .split(/^ {2}(?=[a-z]+:$)/m)
      .slice(1);
    expect(services.map((text) => text.split(':')[0]).toSorted()).toEqual([
      'api',
      'centrifugo',
      'dashboard',
      'migrate',
      'postgres',
      'valkey',
      'worker',
    ]);
    const door = compose.split(/^x-door: &door$/m)[1]!.split(/^\S/m)[0]!;
    const without = (setting: RegExp): string[] =>
      services
        .filter((text) => !setting.test(text.includes('<<: *door') ? text + door : text))
        .map((text) => text.split(':')[0]!);
    expect(without(/^ +restart: unless-stopped$/m)).toEqual([]);
    expect(without(/^ +pids_limit: \d+$/m)).toEqual([]);
    expect(without(/^ +security_opt: \['no-new-privileges:true'\]$/m)).toEqual([]);
    expect(without(/^ +mem_limit: /m)).toEqual(['postgres']);
    expect(without(/^ +read_only: true$/m)).toEqual(['postgres']);
    expect(without(/^ +healthcheck:$/m)).toEqual(['migrate']);
  });

  test('publishes no port with metrics', () => {
    expect(compose).toContain("METRICS_PORT: '4003'");
    expect(compose).not.toMatch(/ports: .*400[23]/);
  });

  test('publishes no port of Postgres, Valkey, the worker or the HTTP API of Centrifugo', () => {
    const inside = all(compose, /^\s+ports: \['.*:(\d+)'\]$/gm);
    expect(inside.toSorted()).toEqual(['4000', '4001', '8000']);
    expect(compose).toMatch(/CENTRIFUGO_HTTP_SERVER_INTERNAL_PORT: '9000'/);
    expect(JSON.parse(read('centrifugo.json')).http_api).toMatchObject({ external: false });
  });
});

test('.env.example explains every variable that a door reads', () => {
  for (const door of ['api', 'worker', 'dashboard', 'ops']) {
    const names = all(read(`${door}/config.ts`), /^\s+([A-Z][A-Z_]+): /gm);
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !explained.has(name))).toEqual([]);
  }
});

describe('the Dockerfile', () => {
  const final = lines('Dockerfile')
    .join('\n')
    .split(/^FROM /m)
    .at(-1)!;
  const copied = all(final, /^COPY (?!--from)(\S+) /gm);

  test('starts from pinned images', () => {
    const stages = all(read('Dockerfile'), /^FROM \S+ AS (\S+)$/gm);
    const bases = all(read('Dockerfile'), /^FROM (\S+)/gm).filter((base) => !stages.includes(base));
    for (const base of bases) expect(base).toMatch(/^node:\d+-bookworm-slim$/);
  });

  test('copies what the doors need and nothing that only serves development', () => {
    expect(copied.toSorted()).toEqual([
      'api',
      'core',
      'dashboard',
      'migrations',
      'ops',
      'ops.ts',
      'package.json',
      'realtime',
      'worker',
    ]);
    for (const folder of ['bench', 'embedded', 'examples', 'test'])
      expect(lines('.dockerignore')).toContain(folder);
    expect(lines('.dockerignore')).toContain('**/*.test.ts');
  });

  test('runs Node itself, as an ordinary user', () => {
    expect(final).toMatch(/^USER node\n(?:#.*\n)*CMD \["node", "api\/main\.ts"\]\n$/m);
  });
});
