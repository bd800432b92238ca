import type { ChosenStatus } from '../contract/primitives.ts';
import type { OwnPresence } from '../contract/rest.ts';
import type { KnownStatus } from './presence-directory.ts';
import type { RealtimeApi } from './realtime-api.ts';

/** The user's own presence as the server last told it. */
export interface KnownOwnPresence {
  /** As others see it. */
  status: KnownStatus;
  /** What the user has chosen to show, on whatever device. */
  chosen: ChosenStatus | 'unknown';
}

const UNKNOWN: KnownOwnPresence = { status: 'unknown', chosen: 'unknown' };

/** What beats and choices say of the user; the later one holds, whichever is answered first. */
export function createOwnPresence({
  api,
  onChange,
}: {
  api: Pick<RealtimeApi, 'beat' | 'chooseStatus'>;
  onChange: () => void;
}) {
  let known = UNKNOWN;
  /** Grows when a choice is sent and when it is answered. */
  let choices = 0;

  function learn({ status, chosen }: OwnPresence) {
    known = { status, chosen };
  }

  return {
    current: () => known,
    forget: () => {
      known = UNKNOWN;
    },
    beat: async (...session: Parameters<RealtimeApi['beat']>) => {
      const before = choices;
      const answer = await api.beat(...session);
      // What was answered around a choice may be older than it; the next beat tells.
      if (before === choices || known === UNKNOWN) learn(answer);
      return answer;
    },
    choose: async (status: ChosenStatus): Promise<void> => {
      choices += 1;
      learn(await api.chooseStatus(status).finally(() => (choices += 1)));
      onChange();
    },
  };
}
