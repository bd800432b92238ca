import type { Rest } from '../../harness/rest.ts';
import type { Random } from '../random.ts';
import type { Attempt } from './attempt.ts';
import type { Actor } from './cast.ts';
import type { Ledger } from './ledger.ts';

/** A message that was acknowledged, and who may change it or react to it. */
export type Said = {
  conversationId: string;
  messageId: string;
  seq: number;
  sender: Actor;
  readers: readonly Actor[];
};

export type Changes = {
  remember: (said: Said) => void;
  edit: () => Promise<void>;
  deleteMessage: () => Promise<void>;
  react: () => Promise<void>;
};

type Kept = Said & { revision: number; isGone: boolean };

/** So many of the last messages are changed: among them those of conversations in which nobody speaks any more. */
const REMEMBERED = 150;
const EMOJI = ['👍', '🎉', '❤️', '😀'];

/**
 * What was said is edited, deleted and reacted to. What one person does to one message happens one after the other, so that
 * each deed is one event; edits, deletions and reactions of different people meet as they like.
 */
export function createChanges({
  ledger,
  random,
  ask,
}: {
  ledger: Ledger;
  random: Random;
  ask: <T>(who: Actor, call: (rest: Rest) => Promise<T>) => Promise<Attempt<T>>;
}): Changes {
  const kept: Kept[] = [];
  const busy = new Set<string>();
  const chosen = new Set<string>();
  let edits = 0;

  /** Where nobody knows any more how something is, it is let be. */
  const alone = async (key: string, deed: () => Promise<Attempt<unknown>>): Promise<void> => {
    if (busy.has(key)) return;
    busy.add(key);
    const { outcome } = await deed();
    if (outcome === 'acknowledged') busy.delete(key);
  };
  const standing = (): Kept | undefined => {
    const all = kept.filter(({ isGone }) => !isGone);
    return all.length > 0 ? random.pick(all) : undefined;
  };
  const placeOf = ({ conversationId, messageId }: Said) => ({ conversationId, id: messageId });

  return {
    remember: (said) => {
      kept.push({ ...said, revision: 1, isGone: false });
      if (kept.length > REMEMBERED) kept.splice(random.between(0, kept.length - 1), 1);
    },
    edit: async () => {
      const message = standing();
      if (!message) return;
      await alone(message.messageId, async () => {
        const { conversationId, messageId, seq, sender, revision } = message;
        const content = `Let it be known otherwise: ${(edits += 1)}.`;
        const edited = await ask(sender, (rest) =>
          rest.edit({ ...placeOf(message), revision }, content),
        );
        message.revision = edited.answer?.body.revision ?? revision;
        const what = { verb: 'edit', conversationId, messageId, seq } as const;
        ledger.write({ ...what, revision: message.revision }, edited);
        return edited;
      });
    },
    deleteMessage: async () => {
      const message = standing();
      if (!message) return;
      await alone(message.messageId, async () => {
        const { conversationId, messageId, seq, sender } = message;
        const deleted = await ask(sender, (rest) => rest.deleteMessage(placeOf(message)));
        message.isGone = true;
        ledger.write({ verb: 'delete', conversationId, messageId, seq }, deleted);
        return deleted;
      });
    },
    react: async () => {
      const message = standing();
      if (!message) return;
      const who = random.pick([message.sender, ...message.readers]);
      const emoji = random.pick(EMOJI);
      const key = `${message.messageId} ${who.id} ${emoji}`;
      await alone(key, async () => {
        const isBack = chosen.has(key);
        const place = placeOf(message);
        const reacted = await ask(who, (rest) =>
          isBack ? rest.unreact(place, emoji) : rest.react(place, emoji),
        );
        if (isBack) chosen.delete(key);
        else chosen.add(key);
        const { conversationId, messageId, seq } = message;
        const what = { conversationId, messageId, seq, userId: who.id, emoji };
        ledger.write({ verb: isBack ? 'take reaction back' : 'react', ...what }, reacted);
        return reacted;
      });
    },
  };
}
