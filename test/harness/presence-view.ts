import type { PresenceEvent } from '@rov/realtime';

import type { Rest } from './rest.ts';
import type { Signal } from './until.ts';

/** A change of somebody's presence at the moment at which the user could see it. */
export type PresenceShown = {
  userId: string;
  status: string;
  version: number;
  from: 'live' | 'rest';
};

export type PresenceView = {
  shown: readonly PresenceShown[];
  load(): Promise<void>;
  take(event: Record<string, unknown>): void;
};

/** Presence merged by version, as its event asks for; connections are read when events may have been missed. */
export function watchPresence(rest: Rest, changed: Signal): PresenceView {
  const shown: PresenceShown[] = [];
  const versions = new Map<string, number>();
  let work: Promise<void> = Promise.resolve();

  const show = (state: Omit<PresenceShown, 'from'>, from: PresenceShown['from']): void => {
    if (state.version <= (versions.get(state.userId) ?? 0)) return;
    versions.set(state.userId, state.version);
    shown.push({ userId: state.userId, status: state.status, version: state.version, from });
    changed.fire();
  };
  const read = async (): Promise<void> => {
    for (const { presence } of (await rest.connections()).items) show(presence, 'rest');
  };

  const after = (step: () => Promise<void>): Promise<void> => (work = work.then(step));
  return {
    shown,
    load: () => after(read),
    take: (event) => {
      if (event['type'] === 'presence') {
        void after(async () => show(event as unknown as PresenceEvent, 'live'));
      } else if (event['type'] === 'presence_resync') void after(read);
    },
  };
}
