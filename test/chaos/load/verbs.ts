import { randomUUID } from 'node:crypto';

import type { Rest } from '../../harness/rest.ts';
import { overRest } from '../../reliability/load.ts';
import type { SendOne } from '../../reliability/load.ts';
import type { Random } from '../random.ts';
import { attempt } from './attempt.ts';
import type { Attempt, Outcome } from './attempt.ts';
import type { Actor, Cast, Lane } from './cast.ts';
import { createChanges } from './changes.ts';
import type { Ledger } from './ledger.ts';
import { createPointers } from './pointers.ts';
import { createSignOuts } from './sign-outs.ts';

/** Of those who send, so many in a hundred do not try again: they never learn what became of it. */
const IMPATIENT_PERCENT = 5;

/** What every message says, before its own id; by this a message is found on its way to Postgres. */
export const SAID = 'Let it be known: ';

export type VerbParts = {
  cast: Cast;
  ledger: Ledger;
  random: Random;
  /** Stores and announces a message; over REST unless another way is on trial. */
  send?: SendOne | undefined;
};

export type Verbs = {
  send: (lane: Pick<Lane, 'conversationId' | 'senders' | 'clients'>) => Promise<void>;
  sendInClub: () => Promise<void>;
  openDirect: () => Promise<void>;
  createGroup: () => Promise<void>;
  changeMembers: () => Promise<void>;
  edit: () => Promise<void>;
  deleteMessage: () => Promise<void>;
  react: () => Promise<void>;
  changeRole: () => Promise<void>;
  rename: () => Promise<void>;
  markRead: () => Promise<void>;
  markUnread: () => Promise<void>;
  reportDelivered: () => Promise<void>;
  beat: () => Promise<void>;
  endSession: () => Promise<void>;
  chooseStatus: () => Promise<void>;
  signOut: () => Promise<void>;
  /** Which API was asked last to store this message. */
  apiOf: (clientId: string) => number | undefined;
};

/** Each asks the API for one thing, until it is answered, and writes down what came of it. */
export function createVerbs({ cast, ledger, random, send = overRest }: VerbParts): Verbs {
  const apis = cast.strangers[0]!.rests.length;
  const lastApi = new Map<string, number>();
  let turn = 0;
  const ask = <T>(
    who: Actor,
    call: (rest: Rest) => Promise<T>,
    patience?: 'none',
  ): Promise<Attempt<T>> =>
    attempt((api) => call(who.rests[api]!), {
      firstApi: (turn += 1) % apis,
      apis,
      ...(patience && { patience }),
    });

  const changes = createChanges({ ledger, random, ask });
  let messages = 0;
  const sendMessage = async (
    { conversationId, senders }: Pick<Lane, 'conversationId' | 'senders'>,
    readers?: readonly Actor[],
  ): Promise<void> => {
    const sender = random.pick(senders);
    const clientId = `message-${(messages += 1)}`;
    const patience = random.between(1, 100) <= IMPATIENT_PERCENT ? 'none' : undefined;
    const message = { clientId, content: `${SAID}${clientId}.` };
    const attempted = await ask(
      sender,
      (rest) => {
        lastApi.set(clientId, sender.rests.indexOf(rest));
        return send({ conversationId, sender: { ...sender, rest } }, message);
      },
      patience,
    );
    const { seq = 0, id } = attempted.answer ?? {};
    ledger.write({ verb: 'send', conversationId, clientId, seq }, attempted);
    if (id !== undefined && readers) {
      changes.remember({ conversationId, messageId: id, seq, sender, readers });
    }
  };

  const pairs = random.shuffled(
    cast.regulars.flatMap(({ actor }) => cast.strangers.map((other) => ({ actor, other }))),
  );
  const memberships = createMemberships({ cast, ledger, random, ask });
  return {
    send: (lane) =>
      sendMessage(
        lane,
        lane.clients.map(({ actor }) => actor),
      ),
    sendInClub: () => {
      const { conversationId, owner } = random.pick(cast.clubs);
      return sendMessage({ conversationId, senders: [owner] });
    },
    openDirect: async () => {
      const pair = pairs.pop();
      if (!pair) return;
      const opened = await ask(pair.actor, (rest) => rest.openDirect(pair.other.id));
      const conversationId = opened.answer?.body.id ?? '';
      const userIds = [pair.actor.id, pair.other.id];
      ledger.write({ verb: 'open direct', conversationId, userIds }, opened);
    },
    createGroup: async () => {
      const [founder, ...members] = random.shuffled(cast.regulars).map(({ actor }) => actor);
      const group = {
        clientId: randomUUID(),
        title: 'A group',
        memberIds: members.map(({ id }) => id),
      };
      const made = await ask(founder!, (rest) => rest.createGroup(group));
      const conversationId = made.answer?.body.id ?? '';
      const userIds = [founder!.id, ...group.memberIds];
      ledger.write({ verb: 'create group', conversationId, userIds }, made);
    },
    changeMembers: memberships.change,
    edit: changes.edit,
    deleteMessage: changes.deleteMessage,
    react: changes.react,
    ...createSettings({ cast, ledger, random, ask }),
    ...createPointers({ cast, ledger, random, ask }),
    beat: async () => {
      const { actor } = random.pick(cast.regulars);
      const state = random.pick(['active', 'idle'] as const);
      const beat = await ask(actor, (rest) => rest.beat('page', state));
      ledger.write({ verb: 'beat', userId: actor.id }, beat);
    },
    endSession: async () => {
      const { actor } = random.pick(cast.regulars);
      const begun = await ask(actor, (rest) => rest.beat('phone', 'active'));
      ledger.write({ verb: 'beat', userId: actor.id }, begun);
      const ended = await ask(actor, (rest) => rest.endSession('phone'));
      ledger.write({ verb: 'end session', userId: actor.id }, ended);
    },
    chooseStatus: async () => {
      const { actor } = random.pick(cast.regulars);
      const status = random.pick(['auto', 'away', 'invisible'] as const);
      const chosen = await ask(actor, (rest) => rest.chooseStatus(status));
      ledger.write({ verb: 'choose status', userId: actor.id, status }, chosen);
    },
    signOut: createSignOuts({ cast, ledger, random, ask }),
    apiOf: (clientId) => lastApi.get(clientId),
  };
}

/** Owners give the one who stays in their club another role, one change after the other, and rename it. */
function createSettings({
  cast,
  ledger,
  random,
  ask,
}: VerbParts & {
  ask: <T>(who: Actor, call: (rest: Rest) => Promise<T>) => Promise<Attempt<T>>;
}): Pick<Verbs, 'changeRole' | 'rename'> {
  const roles = new Map<string, 'admin' | 'member'>();
  const busy = new Set<string>();
  let titles = 0;
  return {
    changeRole: async () => {
      const { conversationId, owner, watcher } = random.pick(cast.clubs);
      if (busy.has(conversationId)) return;
      busy.add(conversationId);
      const role = roles.get(conversationId) === 'admin' ? 'member' : 'admin';
      const userId = watcher.actor.id;
      const changed = await ask(owner, (rest) => rest.changeRole(conversationId, userId, role));
      ledger.write({ verb: 'change role', conversationId, userId, role }, changed);
      roles.set(conversationId, role);
      // Nobody knows any more which role this is: let it be.
      if (changed.outcome !== 'unanswered') busy.delete(conversationId);
    },
    rename: async () => {
      const { conversationId, owner } = random.pick(cast.clubs);
      const title = `Club ${(titles += 1)}`;
      const renamed = await ask(owner, (rest) =>
        rest.updateConversation(conversationId, { title }),
      );
      ledger.write({ verb: 'rename', conversationId, title }, renamed);
    },
  };
}

/** Regulars join clubs and leave them; what concerns one of them in one club happens one after the other. */
function createMemberships({
  cast,
  ledger,
  random,
  ask,
}: VerbParts & {
  ask: <T>(who: Actor, call: (rest: Rest) => Promise<T>) => Promise<Attempt<T>>;
}): { change: () => Promise<void> } {
  const members = new Set<string>();
  const busy = new Set<string>();
  return {
    change: async () => {
      const { conversationId, owner } = random.pick(cast.clubs);
      const { actor } = random.pick(cast.regulars);
      const byItself = random.next() < 0.5;
      const key = `${actor.id} in ${conversationId}`;
      if (busy.has(key)) return;
      busy.add(key);
      const what = { conversationId, userId: actor.id };
      let outcome: Outcome;
      if (!members.has(key)) {
        const added = await ask(owner, (rest) => rest.addMembers(conversationId, [actor.id]));
        ledger.write({ verb: 'add member', ...what }, added);
        members.add(key);
        ({ outcome } = added);
      } else {
        const verb = byItself ? 'leave' : 'remove member';
        const removed = await ask(byItself ? actor : owner, (rest) =>
          rest.removeMember(conversationId, byItself ? 'me' : actor.id),
        );
        // Who is out already was removed by a try that got no answer.
        const isOut = removed.refusal?.status === 404 && removed.tries > 1;
        const done = isOut ? { ...removed, outcome: 'acknowledged', refusal: null } : removed;
        ledger.write({ verb, ...what }, done as Attempt<unknown>);
        members.delete(key);
        ({ outcome } = done as Attempt<unknown>);
      }
      // Nobody knows any more whether this one is in it: let it be.
      if (outcome !== 'unanswered') busy.delete(key);
    },
  };
}
