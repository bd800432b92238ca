import type { OwnPresence } from '../contract/index.ts';
import type { ChosenStatus } from '../contract/primitives.ts';
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

/** Beats and choices go to the server one by one, so the last answer is the latest word. */
export function createOwnPresence({
  api,
  onChange,
}: {
  api: Pick<RealtimeApi, 'beat' | 'chooseStatus'>;
  onChange: () => void;
}) {
  let known = UNKNOWN;
  let underWay: Promise<unknown> = Promise.resolve();
  /** Grows whenever everything is forgotten: what is answered later is about a time before. */
  let life = 0;

  async function inTurn<Answer extends OwnPresence>(call: () => Promise<Answer>): Promise<Answer> {
    const ours = life;
    const answering = underWay.then(call);
    underWay = answering.catch(() => undefined);
    const answer = await answering;
    if (ours === life) known = { status: answer.status, chosen: answer.chosen };
    return answer;
  }

  return {
    current: () => known,
    forget: () => {
      known = UNKNOWN;
      life += 1;
    },
    beat: (...session: Parameters<RealtimeApi['beat']>) => {
      const ours = life;
      return inTurn(async () => {
        if (ours !== life) throw new Error('the session has said goodbye');
        return api.beat(...session);
      });
    },
    choose: async (status: ChosenStatus): Promise<void> => {
      await inTurn(() => api.chooseStatus(status));
      onChange();
    },
  };
}
