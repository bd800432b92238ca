'use server';

import { PEOPLE } from '../lib/people.ts';
import { beginSession, endSession } from '../lib/session.ts';

/** Believes who one says one is: put your own way to sign in here. */
export async function signIn(form: FormData): Promise<void> {
  const user = PEOPLE.find(({ id }) => id === form.get('user'));
  if (user !== undefined) await beginSession(user);
}

export async function signOut(): Promise<void> {
  await endSession();
}
