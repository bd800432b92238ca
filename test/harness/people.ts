import { randomBytes, randomUUID } from 'node:crypto';

import { SignJWT } from 'jose';

import { createRest } from './rest.ts';
import type { Rest } from './rest.ts';

/** What the API believes its identity provider signs with. */
export type Identity = { secret: string; issuer: string; audience: string };

/** A user with a token of their own, and the API as they call it. */
export type Person = { id: string; name: string; token: string; rest: Rest };

export function createIdentity(): Identity {
  return {
    secret: randomBytes(32).toString('hex'),
    issuer: 'https://identity.test',
    audience: 'rov-test',
  };
}

/** A user's token, good for an hour unless `expiresIn` says otherwise. */
export async function mintToken(
  identity: Identity,
  claims: {
    sub: string;
    name?: string;
    username?: string;
    picture?: string;
    expiresIn?: string;
    issuedAt?: Date;
  },
): Promise<string> {
  const { sub, expiresIn = '1h', issuedAt = new Date(), ...rest } = claims;
  return new SignJWT(rest)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuer(identity.issuer)
    .setAudience(identity.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresIn)
    .sign(new TextEncoder().encode(identity.secret));
}

/** People and their conversations, all made through the API. */
export function createPeople(options: { identity: Identity; baseUrl: () => string }) {
  /** Signs a token with these claims; nobody knows the person before their first call. */
  async function stranger(
    name: string,
    id = `${name.toLowerCase()}-${randomBytes(4).toString('hex')}`,
  ) {
    const token = await mintToken(options.identity, {
      sub: id,
      name,
      username: name.toLowerCase(),
    });
    return { id, name, token, rest: createRest({ baseUrl: options.baseUrl(), token }) };
  }

  return {
    stranger,
    /** A person whom the API knows. */
    async person(name: string): Promise<Person> {
      const person = await stranger(name);
      await person.rest.unread();
      return person;
    },
    async persons(...names: string[]): Promise<Person[]> {
      return Promise.all(names.map((name) => this.person(name)));
    },
    /** A direct conversation's id. */
    async direct(one: Person, other: Person): Promise<string> {
      return (await one.rest.openDirect(other.id)).body.id;
    },
    /** A group's id; the first is its owner. */
    async group(owner: Person, ...others: Person[]): Promise<string> {
      const group = {
        clientId: randomUUID(),
        title: 'A group',
        memberIds: others.map(({ id }) => id),
      };
      return (await owner.rest.createGroup(group)).body.id;
    },
  };
}

export type People = ReturnType<typeof createPeople>;
