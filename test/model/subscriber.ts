import type { Centrifugo, Publication, Told } from './centrifugo.ts';
import type { Step } from './schedule.ts';
import type { Tables } from './tables.ts';

export type Subscriber = ReturnType<typeof subscribe>;

/**
 * Somebody who listens to a channel, as the SDK and the client of the product do: what is skipped is recovered once a
 * later publication shows the gap; where the engine has lost its history everything is read from Postgres; and what
 * comes twice is shown once.
 */
export function subscribe(
  { centrifugo, tables, step }: { centrifugo: Centrifugo; tables: Tables; step: Step },
  channel: string,
) {
  const heard: Told[] = [];
  const known = new Set<string>();
  const onWire = new Set<string>();
  const duplicates: string[] = [];
  /** What was read from Postgres after a loss: everything up to these numbers. */
  const read = new Map<string, number>();
  let position = { epoch: centrifugo.epoch, offset: 0 };
  let isHere = false;

  function take({ offset, data, time }: Publication): void {
    position = { ...position, offset };
    const once = `${time} ${data.eventId}`;
    if (onWire.has(once)) duplicates.push(data.eventId);
    onWire.add(once);
    if (known.has(data.eventId) || data.ev <= (read.get(data.conversationId) ?? 0)) return;
    known.add(data.eventId);
    heard.push(data);
  }

  function recover(): void {
    for (const publication of centrifugo.history(channel).slice(position.offset)) take(publication);
  }

  function come(): void {
    if (isHere) return;
    isHere = true;
    centrifugo.listen(channel, (publication) => {
      if (publication.offset === position.offset + 1) take(publication);
      else recover();
    });
    if (position.epoch === centrifugo.epoch) {
      recover();
      return;
    }
    position = { epoch: centrifugo.epoch, offset: centrifugo.history(channel).length };
    for (const [conversationId, ev] of tables.evs) read.set(conversationId, ev);
  }

  function leave(): void {
    isHere = false;
    centrifugo.leave(channel);
  }

  centrifugo.atRestart(() => {
    leave();
    void step(`${channel} comes back`).then(come);
  });
  come();
  return { channel, heard, read, duplicates, come, leave };
}
