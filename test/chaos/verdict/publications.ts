import type { Met } from '../front.ts';
import { keyOf } from './event-key.ts';

/** When an event was on its way through Centrifugo to a channel; an event that was repeated was so more than once. */
export type Publication = { eventId: string; from: number; to: number };

/** By `channel key`, where the key says what the event announces. */
export type Publications = ReadonlyMap<string, readonly Publication[]>;

/** Everything that workers asked Centrifugo to publish, from what their fronts have met. */
export function publicationsIn(met: readonly Met[]): Publications {
  const publications = new Map<string, Publication[]>();
  for (const { at, tookMs, commands } of met) {
    for (const { publish, broadcast } of commands ?? []) {
      const told = publish ?? broadcast;
      const data = told?.['data'] as Record<string, unknown> | undefined;
      if (!data) continue;
      const channels = publish ? [publish['channel']] : (broadcast!['channels'] as unknown[]);
      const publication = { eventId: String(data['eventId']), from: at, to: at + tookMs };
      for (const channel of channels) {
        const place = `${String(channel)} ${keyOf(data)}`;
        publications.set(place, [...(publications.get(place) ?? []), publication]);
      }
    }
  }
  return publications;
}
