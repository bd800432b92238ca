import { createCentrifugo } from './centrifugo.ts';
import { createPostgres } from './postgres.ts';
import { SOUND, type Rules } from './rules.ts';
import { CONVERSATIONS, type Happening, type Scenario } from './scenario.ts';
import { createSchedule, type Plan } from './schedule.ts';
import { subscribe, type Subscriber } from './subscriber.ts';
import { AUDIENCE, createTables, type Tables } from './tables.ts';
import { startWorker, type Otherwise, type World } from './worker.ts';
import { write } from './writer.ts';

/** A way to deliver: the shipped one, or one with something taken away. */
export type Delivery = {
  rules?: Partial<Rules>;
  otherwise?: Otherwise;
  /** Whether the rows of a conversation settle only up to the first one that stays. */
  prefixes?: boolean;
};

export type Outcome = { tables: Tables; subscribers: Subscriber[]; trace: string[] };

/** More turns than anything takes that comes to an end. */
const LAST_TURNS = 24;

/** Runs a scenario in one of its interleavings, then mends everything and lets the drains finish. */
export async function run(
  plan: Plan,
  scenario: Scenario,
  { rules, otherwise = {} }: Delivery,
): Promise<Outcome> {
  const schedule = createSchedule(plan);
  const { step } = schedule;
  const faults = { requests: [...scenario.requests], publications: [...scenario.publications] };
  const tables = createTables(CONVERSATIONS);
  const world: World = {
    schedule,
    postgres: createPostgres(),
    tables,
    centrifugo: createCentrifugo({ faults, schedule }),
    rules: { ...SOUND, ...rules },
    lock: { heldBy: null },
    claims: new Map(),
  };
  const channels = [
    ...CONVERSATIONS.map((id) => `conversation:${id}`),
    ...AUDIENCE.map((id) => `chat:${id}`),
  ];
  const subscribers = channels.map((channel) => subscribe({ ...world, step }, channel));
  const start = (place: number, times: number) =>
    startWorker(world, { ...scenario, name: `worker ${place}.${times}`, otherwise });
  let started = 0;
  let writes = 0;
  const workers = [start(0, 0), start(1, 0)];

  function replace(place: number): void {
    workers[place]!.kill();
    started += 1;
    workers[place] = start(place, started);
  }

  async function happens(happening: Happening): Promise<void> {
    switch (happening.does) {
      case 'write':
        writes += 1;
        return void schedule.as(`write ${writes}`, () => write({ ...world, step }, happening));
      case 'drain':
        return void workers[happening.worker]!.drain(happening.times);
      case 'nothing':
        for (let waited = 0; waited < happening.steps; waited += 1) await step('time goes by');
        return undefined;
      case 'kill':
        return replace(happening.worker);
      case 'stop':
        return workers[happening.worker]!.process.stop();
      case 'time out':
        if (workers[happening.worker]!.process.state === 'stopped')
          workers[happening.worker]!.endIdleSessions();
        return undefined;
      case 'wake':
        return workers[happening.worker]!.process.wake(happening);
      case 'restart centrifugo':
        return world.centrifugo.restart();
      case 'expire keys':
        return world.centrifugo.expireKeys();
      case 'leave':
      case 'come':
        return subscribers[happening.channel]![happening.does]();
      default:
        return happening satisfies never;
    }
  }

  void (async () => {
    for (const happening of scenario.happenings) {
      await step(JSON.stringify(happening));
      await happens(happening);
    }
  })();
  await schedule.toTheEnd();

  faults.requests = [];
  faults.publications = [];
  for (const { come } of subscribers) come();
  for (const { process } of workers) process.wake({ late: scenario.wakesLate });
  await schedule.toTheEnd();
  for (let turn = 0; turn < LAST_TURNS && tables.outbox.size > 0; turn += 1) {
    void workers[turn % workers.length]!.drain(1);
    await schedule.toTheEnd();
  }
  return { tables, subscribers, trace: schedule.trace };
}
