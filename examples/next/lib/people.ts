export interface Person {
  id: string;
  name: string;
}

/** Who can sign in here. `npm start` of rov knows them, too, and has connected each with each. */
export const PEOPLE: readonly Person[] = [
  { id: 'ann', name: 'Ann' },
  { id: 'ben', name: 'Ben' },
  { id: 'cleo', name: 'Cleo' },
];
