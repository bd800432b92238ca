import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, describe, expect, test } from 'vitest';

import { buildRealtime, packRealtime } from '../scripts/realtime-package.ts';
import { ROOT, runStep } from '../scripts/run-step.ts';

const run = promisify(execFile);

type Manifest = {
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

const ENTRIES = ['', '/client', '/server', '/react'] as const;

const folder = await mkdtemp(join(tmpdir(), 'rov-package-'));
afterAll(() => rm(folder, { recursive: true }));
const built = join(folder, 'package');
await buildRealtime(built);
const tarball = await packRealtime(built);
const manifest = await manifestOf(built);
const project = await projectWith(tarball);

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** A project that has the packed package, and what its manifest names besides, as npm would install it. */
async function projectWith(tarball: string): Promise<string> {
  const project = join(folder, 'project');
  const modules = join(project, 'node_modules');
  const realtime = join(modules, '@rov/realtime');
  await mkdir(realtime, { recursive: true });
  await run('tar', ['xzf', tarball, '--strip-components=1', '-C', realtime]);
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  for (const name of [...names, '@types/react']) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  }
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  return project;
}

/** How CommonJS, and Node before it knew `exports`, would find the package. */
const FOR_OTHERS = new Set<unknown>(['node10', 'node16-cjs']);

/** What publint and "are the types wrong?" find in a package that is for ESM alone. */
async function faultsOf(tarball: string): Promise<string[]> {
  const bytes = new Uint8Array(await readFile(tarball));
  const { messages } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  const types = await checkPackage(createPackageFromTarballData(bytes));
  const problems = types.types === false ? [{ kind: 'no types' }] : types.problems;
  const ours = problems.filter(
    (problem) => !('resolutionKind' in problem && FOR_OTHERS.has(problem.resolutionKind)),
  );
  return [...messages.map(({ code }) => code), ...ours.map(({ kind }) => kind)];
}

/** What they find when something is wrong with what was built. */
async function faultsWhere(name: string, spoil: (folder: string) => Promise<void>) {
  const spoilt = join(folder, name, 'package');
  await cp(built, spoilt, { recursive: true });
  await spoil(spoilt);
  return await faultsOf(await packRealtime(spoilt));
}

describe('the packed package', () => {
  test('has nothing that publint or "are the types wrong?" would complain of', async () => {
    expect(await faultsOf(tarball)).toEqual([]);
  });

  test('holds what was built, its README and its manifest', async () => {
    const { stdout } = await run('tar', ['tzf', tarball]);
    const files = stdout.trim().split('\n');
    const code = /^package\/(client|contract|react|server)\/[a-z/-]+\.(js|d\.ts)$/;
    const others = files.filter((file) => !code.test(file));
    expect(others.toSorted()).toEqual(['package/README.md', 'package/package.json']);
    const untyped = files
      .filter((file) => file.endsWith('.js'))
      .filter((file) => !files.includes(file.replace(/js$/, 'd.ts')));
    expect(untyped).toEqual([]);
  });

  test.each(ENTRIES)('exports at “%s” in Node what its sources export', async (entry) => {
    const name = `@rov/realtime${entry}`;
    const program = `console.log(Object.keys(await import('${name}')).join(' '))`;
    const args = ['--input-type=module', '-e', program];
    const { stdout } = await run(process.execPath, args, { cwd: project });
    const sources = (await import(name)) as object;
    expect(stdout.trim().split(' ')).toEqual(Object.keys(sources).toSorted());
  });

  test('tells React’s servers that the hooks are for clients', async () => {
    const react = await readFile(join(built, 'react/index.js'), 'utf8');
    expect(react).toMatch(/^'use client';\n/);
  });

  test('asks for ranges, and of a page for React and centrifuge alone', async () => {
    expect(manifest.peerDependencies).toEqual({ centrifuge: '^5.8.0', react: '>=18' });
    for (const range of Object.values(manifest.dependencies)) expect(range).toMatch(/^\^\d/);
    expect(await packagesBehind('client/index.js')).toEqual(new Set(['centrifuge']));
    expect(await packagesBehind('react/index.js')).toEqual(new Set(['centrifuge', 'react']));
    expect(await packagesBehind('contract/index.js')).toEqual(new Set(['zod']));
    const all = [...(await packagesBehind('server/index.js')), 'zod'];
    expect(new Set(all)).toEqual(new Set(Object.keys(manifest.dependencies)));
  });

  test.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('types a project of its users, with the modules of %s', async (module, moduleResolution) => {
    const file = join(project, `${module}.ts`);
    await writeFile(file, USE);
    const modules = ['--module', module, '--moduleResolution', moduleResolution];
    const flags = ['--strict', '--noEmit', '--target', 'es2022', '--types', ''];
    const { output } = await runStep(['tsc', ...modules, ...flags, file], { cwd: project });
    expect(output).toBe('');
  });
});

const USE = `
  import { chatChannel } from '@rov/realtime';
  import { createChatClient } from '@rov/realtime/client';
  import { useCentrifugo } from '@rov/realtime/react';
  import { createTokenIssuer } from '@rov/realtime/server';

  const chat = createChatClient({ api: { baseUrl: '', getAuth: () => null }, userId: 'ann' });
  chat.send('an id', 'Good morning');
  void createTokenIssuer({ hmacSecret: '' }).connectionToken({ userId: chatChannel('ann') });
  export const useAnn = () =>
    useCentrifugo({}, 'chat:ann', (event) => {
      if (event.type === 'presence') console.log(event.lastSeenAt);
      // @ts-expect-error -- a message is no event of this channel
      if (event.type === 'message') console.log(event);
    });`;

describe('a package would be caught', () => {
  test('whose entry is missing', async () => {
    const faults = await faultsWhere('entry', (folder) => rm(join(folder, 'react/index.js')));
    expect(faults).toContain('FILE_DOES_NOT_EXIST');
  });

  test('whose types are missing', async () => {
    const faults = await faultsWhere('types', (folder) => rm(join(folder, 'client/index.d.ts')));
    expect(faults).toContain('UntypedResolution');
  });

  test('whose modules count as CommonJS', async () => {
    const faults = await faultsWhere('format', async (folder) => {
      const { type: _esm, ...rest } = { type: '', ...(await manifestOf(folder)) };
      await writeFile(join(folder, 'package.json'), JSON.stringify(rest));
    });
    expect(faults).toContain('FILE_INVALID_FORMAT');
  });
});

/** Which packages a module of the built package needs at run time, with all that it imports. */
async function packagesBehind(entry: string, seen = new Set<string>()): Promise<Set<string>> {
  const packages = new Set<string>();
  if (seen.has(entry)) return packages;
  seen.add(entry);
  const code = await readFile(join(built, entry), 'utf8');
  for (const [, name = ''] of code.matchAll(/^(?:im|ex)port (?:[\w*{},\s]+ from )?'([^']+)';$/gm)) {
    const behind = name.startsWith('.')
      ? await packagesBehind(join(dirname(entry), name), seen)
      : [name];
    for (const found of behind) packages.add(found);
  }
  return packages;
}
