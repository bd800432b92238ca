import type { ConnectionStatus } from '@rov/realtime/client';
import { RealtimeError } from '@rov/realtime/react';
import { describe, expect, test } from 'vitest';

import { connectionWords, isDelayed, isSignedOut } from './connection-words.ts';
import type { ConnectionFacts } from './connection-words.ts';

const stands = (
  status: ConnectionStatus['status'],
  error: ConnectionStatus['error'] = null,
): Pick<ConnectionFacts, 'connection'> => ({ connection: { status, error } });
const fine: ConnectionFacts = {
  ...{ online: true, serverIsHere: false, trouble: null, delayS: 0 },
  ...stands('live'),
};
const trouble = (status: number) => ({ trouble: { status, code: 'c', message: 'm' } });
const says = (facts: Partial<ConnectionFacts>) => connectionWords({ ...fine, ...facts });

describe('the banner', () => {
  test('says nothing while nothing is wrong', () => {
    expect(connectionWords(fine)).toBeNull();
    expect(says({ delayS: 4 })).toBeNull();
  });

  test('tells a first connection from a lost one', () => {
    expect(says(stands('waiting'))).toMatch(/^Connecting/);
    expect(says(stands('connecting'))).toMatch(/^Connecting/);
    expect(says(stands('reconnecting'))).toMatch(/^Reconnecting/);
  });

  test('says offline as soon as there is no network, also while the socket has not noticed', () => {
    for (const status of ['live', 'reconnecting', 'offline', 'connecting'] as const) {
      expect(says({ online: false, ...stands(status) })).toMatch(/^Offline: .* sent later/);
    }
    expect(says({ online: false, ...trouble(0) })).toMatch(/^Offline/);
  });

  test('does not say offline of a server on this machine that is heard', () => {
    expect(says({ online: false, serverIsHere: true })).toBeNull();
    expect(says({ online: false, serverIsHere: true, ...stands('offline') })).toMatch(/^Offline/);
  });

  test('tells who does not answer from who refuses and who has enough', () => {
    expect(says(trouble(0))).toMatch(/cannot be reached/);
    expect(says({ ...trouble(503), ...stands('reconnecting') })).toMatch(/has a problem/);
    expect(says(trouble(429))).toMatch(/too much at once/);
  });

  test('says late only of what is heard, and not of what is not', () => {
    expect(says({ delayS: 12 })).toBe('Messages may be delayed');
    expect(isDelayed({ ...fine, delayS: 12 })).toBe(true);
    expect(says({ delayS: 12, ...stands('reconnecting') })).toMatch(/^Reconnecting/);
    expect(isDelayed({ ...fine, delayS: 12, ...stands('reconnecting') })).toBe(false);
  });

  test('promises nothing to somebody who is signed out, whatever else is wrong', () => {
    const ended = [
      new RealtimeError('no', { code: 'unauthorized' }),
      new RealtimeError('bye', { code: 'disconnected', number: 4501 }),
    ];
    for (const error of ended) {
      const facts = { online: false, ...trouble(0), ...stands('ended', error) };
      expect(says(facts)).toBe('You are signed out.');
      expect(isSignedOut(facts)).toBe(true);
    }
  });

  test('does not say signed out where only the news has ended', () => {
    const error = new RealtimeError('no', { code: 'refused', number: 103 });
    expect(says(stands('ended', error))).toMatch(/do not appear by themselves/);
    expect(says(stands('ended'))).toMatch(/do not appear by themselves/);
    expect(isSignedOut(stands('reconnecting', ended()))).toBe(false);
  });
});

function ended() {
  return new RealtimeError('no', { code: 'unauthorized' });
}
