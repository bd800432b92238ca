/** What is counted apart: a client that types too much can still read. */
export type Limited = 'send' | 'write' | 'read' | 'ephemeral' | 'token';

/** So many calls in so many seconds. */
export type Quota = { calls: number; seconds: number };

export type Quotas = Record<Limited, Quota>;

/** Far above what a person does with several devices, far below what hurts others. */
export const QUOTAS: Quotas = {
  send: { calls: 100, seconds: 10 },
  write: { calls: 200, seconds: 10 },
  read: { calls: 600, seconds: 10 },
  ephemeral: { calls: 100, seconds: 10 },
  // A client renews the tokens of its subscriptions, at most 256 of them, every half a minute.
  token: { calls: 400, seconds: 10 },
};

const WRITTEN = /^([a-z]+)=(\d+)\/(\d+)$/;

/** Reads `send=100/10 write=200/10`: what is not named stays as it is. Null for what cannot be read. */
export function readQuotas(written: string): Quotas | null {
  const quotas = { ...QUOTAS };
  for (const word of written.split(/\s+/).filter((part) => part !== '')) {
    const [, name = '', calls, seconds] = WRITTEN.exec(word) ?? [];
    if (!isLimited(name) || Number(calls) < 1 || Number(seconds) < 1) return null;
    quotas[name] = { calls: Number(calls), seconds: Number(seconds) };
  }
  return quotas;
}

function isLimited(name: string): name is Limited {
  return name in QUOTAS;
}
