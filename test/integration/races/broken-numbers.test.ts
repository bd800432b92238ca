import { describe, expect, it } from 'vitest';

import { stackForFile } from '../../harness/in-file.ts';
import { install } from './broken/install.ts';
import { sameKeyTenTimes } from './same-client-id.ts';
import { sixteenWriters } from './sixteen-writers.ts';

const stack = await stackForFile({ apis: 2 });
const { sql } = stack.database;

/** The sentences of the findings, without the numbers in them. */
const kinds = (findings: string[]): string[] => [
  ...new Set(findings.map((finding) => finding.replaceAll(/\d+/g, 'n'))),
];

describe('the same checkers', () => {
  it('catch numbers that are dense, and in another order than that of the commits', async () => {
    await install(sql, 'numbers-before-turn');
    const { findings } = await sixteenWriters(stack, {
      sendsEach: 10,
      graceMs: 2_000,
      prepare: async (ids) => {
        for (const id of ids) await sql`CREATE SEQUENCE ${sql(`numbers_of_${id}`)}`;
      },
    });
    const found = kinds(findings);
    expect(found.filter((finding) => finding.startsWith('seq of the messages'))).toEqual([]);
    expect(found).toContain('a snapshot had n messages up to n');
    expect(found.filter((finding) => /^(Cem|Dan): /.test(finding))).not.toEqual([]);
    expect(found.filter((finding) => finding.startsWith('history'))).not.toEqual([]);
  }, 60_000);

  it('catch numbers that are read without a lock, and client ids that are looked up so', async () => {
    await install(sql, 'numbers-without-lock');
    const { findings } = await sixteenWriters(stack, { sendsEach: 10, graceMs: 2_000 });
    const found = kinds(findings);
    expect(found).toContain('seq of the messages: n in place n');
    // Of two events with one number a socket gets the first. Who reads again upon a resync may find the other.
    for (const listener of ['Cem', 'Dan'])
      expect(found.filter((finding) => finding.startsWith(`${listener}: `))).not.toEqual([]);

    const { answers, stored } = await sameKeyTenTimes(stack);
    expect(answers.filter(({ places }) => places > 1)).not.toEqual([]);
    expect(stored).toBeGreaterThan(20);
  }, 60_000);
});
