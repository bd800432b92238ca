import { Writable } from 'node:stream';

import { DrizzleQueryError } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  write(createLog({ door: 'test', level: 'info', destination: sink }));
  return lines.join('');
}

test('the parameters of a failed query reach no line, with words of its own or without', () => {
  const cause = Object.assign(new Error('duplicate key'), { code: '23505' });
  const err = new DrizzleQueryError('insert into messages', ['what somebody wrote'], cause);
  const lines = logged((log) => {
    log.warn({ event: 'query.failed', err });
    log.warn({ event: 'query.failed', err }, 'in words');
  });
  expect(lines).not.toContain('what somebody wrote');
  expect(lines).toContain('23505');
  expect(lines.match(/"event":"query.failed"/g)).toHaveLength(2);
});

test('an error that is the whole line is described like one beside an event', () => {
  const err = new DrizzleQueryError('select', ['what somebody wrote'], new Error('gone'));
  expect(logged((log) => log.error(err))).not.toContain('what somebody wrote');
});
