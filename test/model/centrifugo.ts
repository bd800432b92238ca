import {
  CentrifugoCommandError,
  CentrifugoTransportError,
  type Command,
  type CommandOutcome,
  type PublishResult,
  type RawJson,
} from '@rov/realtime/server';

import type { Schedule } from './schedule.ts';

/** What becomes of a publication: code 100 may mean anything, 111 that nothing was done. */
export type PublicationFault =
  | 'none'
  | '111'
  | '100 not stored'
  | '100 stored and heard'
  | '100 stored unheard'
  | '100 stored unheard later';

/** What becomes of a request: the client gives up one that `runs later`. */
export type RequestFault = 'none' | 'unreachable' | 'lost' | 'answer lost' | 'runs later';

/** What is yet to happen, in this order; nothing once it is used up. */
export type Faults = { requests: RequestFault[]; publications: PublicationFault[] };

/** An event as the payloads of the model have it. */
export type Told = {
  conversationId: string;
  ev: number;
  eventId: string;
  type: 'message' | 'resync';
  fromSeq?: number;
  bad?: boolean;
};

export type Publication = {
  offset: number;
  data: Told;
  /** Within one time of idempotency keys nothing comes twice. */
  time: number;
};

type Stream = {
  publications: Publication[];
  version: number;
  /** What the first publication with each key was answered. */
  keys: Map<string, PublishResult>;
};

type Publishing = {
  channel: string;
  data: Told;
  key?: string | undefined;
  version?: number | undefined;
};

export type Centrifugo = ReturnType<typeof createCentrifugo>;

/**
 * The memory engine: channels with history, version fence and idempotency keys, all lost with a restart. What was seen
 * of a real one is in test/conformance.
 */
export function createCentrifugo({ faults, schedule }: { faults: Faults; schedule: Schedule }) {
  const streams = new Map<string, Stream>();
  const listeners = new Map<string, (publication: Publication) => void>();
  const restarts: (() => void)[] = [];
  const { step } = schedule;
  let epoch = 1;
  let time = 1;
  let delays = 0;

  function later<T>(work: () => T): T {
    delays += 1;
    return schedule.as(`what was delayed (${delays})`, work);
  }

  function streamOf(channel: string): Stream {
    const stream = streams.get(channel) ?? { publications: [], version: 0, keys: new Map() };
    streams.set(channel, stream);
    return stream;
  }

  /** The key is looked at before the version, and a version that is dropped leaves its key free. */
  function store({ channel, data, key, version }: Publishing, heard: boolean): PublishResult {
    const stream = streamOf(channel);
    const first = key === undefined ? undefined : stream.keys.get(key);
    if (first) return first;
    const top = stream.publications.length;
    if (version !== undefined && version <= stream.version)
      return { offset: top, epoch: `${epoch}` };
    const publication = { offset: top + 1, data, time };
    stream.publications.push(publication);
    stream.version = version ?? stream.version;
    const result = { offset: publication.offset, epoch: `${epoch}` };
    if (key !== undefined) stream.keys.set(key, result);
    if (heard) listeners.get(channel)?.(publication);
    return result;
  }

  function publish(
    publishing: Publishing,
  ): { ok: true; result: PublishResult } | { ok: false; error: CentrifugoCommandError } {
    if (publishing.data.bad) return refused(107);
    const fault = faults.publications.shift() ?? 'none';
    switch (fault) {
      case 'none':
        return { ok: true, result: store(publishing, true) };
      case '111':
        return refused(111);
      case '100 stored and heard':
        store(publishing, true);
        return refused(100);
      case '100 stored unheard':
        store(publishing, false);
        return refused(100);
      case '100 stored unheard later': {
        const asked = epoch;
        void later(() => step('is stored')).then(() => asked === epoch && store(publishing, false));
        return refused(100);
      }
      case '100 not stored':
        return refused(100);
      default:
        return fault satisfies never;
    }
  }

  function run(command: Command): CommandOutcome {
    if (command.method === 'publish' && !command.skipHistory) {
      const { channel, idempotencyKey: key, version } = command;
      return {
        method: 'publish',
        ...publish({ channel, data: toldBy(command.data), key, version }),
      };
    }
    if (command.method === 'broadcast') {
      const { idempotencyKey: key } = command;
      const data = toldBy(command.data);
      const responses = command.channels.map((channel) => publish({ channel, data, key }));
      return { ok: true, method: 'broadcast', result: { responses } };
    }
    // The probe of a drain: a publication that nobody hears, and positions.
    if (command.method === 'publish') return { ok: true, method: 'publish', result: {} };
    return {
      ok: true,
      method: 'history',
      result: { publications: [], offset: 0, epoch: `${epoch}` },
    };
  }

  /** What comes before the first command is the sender's step. */
  async function runAll(commands: readonly Command[], asked: number): Promise<CommandOutcome[]> {
    const outcomes: CommandOutcome[] = [];
    for (const [index, command] of commands.entries()) {
      if (index > 0) await step(`runs ${command.method}`);
      if (asked !== epoch) throw transportFault('ambiguous', true);
      outcomes.push(run(command));
    }
    return outcomes;
  }

  async function batch(commands: readonly Command[]): Promise<CommandOutcome[]> {
    const fault = faults.requests.shift() ?? 'none';
    const asked = epoch;
    switch (fault) {
      case 'unreachable':
        throw transportFault('unreachable', false);
      case 'lost':
        throw transportFault('ambiguous', true);
      case 'runs later':
        void later(async () => {
          await step('runs');
          await runAll(commands, asked).catch(() => undefined);
        });
        throw transportFault('aborted', true);
      case 'answer lost':
        await runAll(commands, asked);
        throw transportFault('ambiguous', true);
      case 'none':
        return runAll(commands, asked);
      default:
        return fault satisfies never;
    }
  }

  return {
    batch,

    /** Which run of the engine a position belongs to. */
    get epoch() {
      return epoch;
    },
    history: (channel: string): readonly Publication[] => streamOf(channel).publications,
    listen(channel: string, hear: (publication: Publication) => void): void {
      listeners.set(channel, hear);
    },
    leave(channel: string): void {
      listeners.delete(channel);
    },

    expireKeys(): void {
      time += 1;
      for (const { keys } of streams.values()) keys.clear();
    },

    atRestart(happens: () => void): void {
      restarts.push(happens);
    },
    restart(): void {
      epoch += 1;
      time += 1;
      streams.clear();
      for (const happens of restarts) happens();
    },
  };
}

function toldBy(data: unknown): Told {
  return JSON.parse((data as RawJson).text) as Told;
}

function refused(code: number): { ok: false; error: CentrifugoCommandError } {
  return { ok: false, error: new CentrifugoCommandError({ code, message: 'as Centrifugo says' }) };
}

function transportFault(
  code: 'unreachable' | 'ambiguous' | 'aborted',
  sent: boolean,
): CentrifugoTransportError {
  return new CentrifugoTransportError('no usable answer', { code, sent });
}
