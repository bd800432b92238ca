import type { Profile } from '@rov/realtime';

const person = (name: string): Profile => ({
  id: name.toLowerCase(),
  name,
  username: name.toLowerCase(),
  image: null,
});

/** Whom the demo login knows. All of them are connected with each other. */
export const DEMO_PEOPLE: readonly Profile[] = ['Ann', 'Ben', 'Cleo', 'Dan', 'Eve'].map(person);
