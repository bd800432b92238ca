import { within } from '../../../embedded/server-process.ts';
import type { Call, Fate } from '../front.ts';
import type { Link } from '../ground.ts';
import type { Field } from './fault.ts';

/** A page on its way to Centrifugo that has stopped half-way. */
export type CaughtPage = { link: Link; call: Call; release: (fate: Fate) => void };

const CAUGHT_WITHIN_MS = 10_000;

/** The next page that any worker sends; all others pass. It waits until somebody says what the worker gets. */
export async function catchPage({ links }: Pick<Field, 'links'>): Promise<CaughtPage> {
  const caught = Promise.withResolvers<CaughtPage>();
  let taken = false;
  for (const link of links) {
    link.front.behave(async (call) => {
      if (taken) return call.forward();
      taken = true;
      const fate = Promise.withResolvers<Fate>();
      caught.resolve({ link, call, release: fate.resolve });
      return fate.promise;
    });
  }
  try {
    const page = await within(CAUGHT_WITHIN_MS, caught.promise);
    if (!page) throw new Error('no worker sent a page');
    return page;
  } finally {
    for (const { front } of links) front.behave(null);
  }
}
