import { chatChannel } from '@rov/realtime';

import type { Person } from '../../harness/people.ts';
import { openPlainPage } from '../../harness/plain-page.ts';
import type { PlainPage } from '../../harness/plain-page.ts';
import { createRecorder } from '../../harness/recorder.ts';
import type { Recorder } from '../../harness/recorder.ts';
import { createRest } from '../../harness/rest.ts';
import type { Rest } from '../../harness/rest.ts';
import { startTcpProxy } from '../../harness/tcp-proxy.ts';
import type { TcpProxy } from '../../harness/tcp-proxy.ts';
import type { Ground } from '../ground.ts';
import { watchList } from '../witness/list-view.ts';
import type { ListView } from '../witness/list-view.ts';
import { patientRest } from '../witness/patient-rest.ts';

/** Somebody with a token; `rests` are the APIs as they call them. */
export type Actor = Person & { rests: readonly Rest[] };

/** Somebody at a page that is open. */
export type Client = {
  actor: Actor;
  recorder: Recorder;
  list: ListView;
  /** Between the page and its node of Centrifugo. */
  link: TcpProxy;
};

export type Lane = {
  kind: 'busy' | 'steady' | 'quiet';
  conversationId: string;
  senders: Actor[];
  clients: Client[];
};

/** A group whose members come and go; `watcher` stays, and looks at it. */
export type Club = { conversationId: string; owner: Actor; watcher: Client };

/** Somebody who will sign out everywhere, and their page. */
export type Leaver = {
  actor: Actor;
  page: PlainPage;
  /** Since when the page has had the connection that it has; null while it has none. */
  connectedAt: () => number | null;
};

export type Cast = {
  lanes: Lane[];
  clubs: Club[];
  /** They are connected with each other, come and go, join and leave; they look at their lists. */
  regulars: Client[];
  /** Known to the API, and in no conversation yet. */
  strangers: Actor[];
  leavers: Leaver[];
  clients: Client[];
  close: () => Promise<void>;
};

const LANES = [
  { kind: 'busy', lanes: 1, senders: 2, clients: 2 },
  { kind: 'steady', lanes: 4, senders: 2, clients: 2 },
] as const;
/** So many that in a minute somebody speaks once in each: what is missed there, no later message brings to light. */
const QUIET = { readers: 6, lanesEach: 10 };
const CLUBS = 2;
const REGULARS = 4;
const STRANGERS = 40;
/** Strangers with a page, at which hardly anything ever happens. */
const HERMITS = 6;
const LEAVERS = 20;

/** Makes everybody through the API, opens the pages, and resolves once each of them is subscribed and read up. */
export async function gather(ground: Ground): Promise<Cast> {
  const { stack, nodes } = ground;
  const over = new AbortController();
  const clients: Client[] = [];

  const actor = async (name: string): Promise<Actor> => {
    const person = await stack.people.person(name);
    const { token } = person;
    return { ...person, rests: stack.apis.map(({ url }) => createRest({ baseUrl: url, token })) };
  };
  const actors = (name: string, count: number): Promise<Actor[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => actor(`${name}${n + 1}`)));
  let opened = 0;
  const open = async (who: Actor, conversations: string[]): Promise<Client> => {
    const node = nodes[opened % nodes.length]!;
    opened += 1;
    const link = await startTcpProxy({ host: '127.0.0.1', port: node.port });
    const rest = patientRest(who.rests, over.signal);
    const list = watchList(rest);
    const recorder = createRecorder({
      person: { ...who, rest },
      conversations,
      chat: true,
      heeding: list,
      url: `ws://127.0.0.1:${link.port}/connection/websocket`,
    });
    const client = { actor: who, recorder, list, link };
    clients.push(client);
    return client;
  };

  const lanes = LANES.flatMap(({ kind, lanes: count, senders, clients: listeners }) =>
    Array.from({ length: count }, async (_, n): Promise<Lane> => {
      const writing = await actors(`${kind}${n + 1}.sender`, senders);
      const listening = await actors(`${kind}${n + 1}.reader`, listeners);
      const [founder, ...others] = [...writing, ...listening];
      const conversationId = await stack.people.group(founder!, ...others);
      return {
        kind,
        conversationId,
        senders: writing,
        clients: await Promise.all(listening.map((who) => open(who, [conversationId]))),
      };
    }),
  );
  const quiet = Array.from({ length: QUIET.readers }, async (_, n): Promise<Lane[]> => {
    const [reader, sender] = await actors(`quiet${n + 1}.`, 2);
    const ids = await Promise.all(
      Array.from({ length: QUIET.lanesEach }, () => stack.people.group(sender!, reader!)),
    );
    const client = await open(reader!, ids);
    return ids.map((conversationId) => ({
      kind: 'quiet',
      conversationId,
      senders: [sender!],
      clients: [client],
    }));
  });
  const clubs = Array.from({ length: CLUBS }, async (_, n): Promise<Club> => {
    const [owner, watcher] = await actors(`club${n + 1}.`, 2);
    const conversationId = await stack.people.group(owner!, watcher!);
    return { conversationId, owner: owner!, watcher: await open(watcher!, [conversationId]) };
  });
  const leave = async (who: Actor, place: number): Promise<Leaver> => {
    const rest = patientRest(who.rests, over.signal);
    const url = nodes[place % nodes.length]!.wsUrl;
    const page = openPlainPage({ person: { ...who, rest }, url, channel: chatChannel(who.id) });
    let connectedAt: number | null = null;
    page.client.on('connected', () => (connectedAt = performance.now()));
    page.client.on('connecting', () => (connectedAt = null));
    page.client.on('disconnected', () => (connectedAt = null));
    await page.client.ready(30_000);
    return { actor: who, page, connectedAt: () => connectedAt };
  };
  const leavers = await Promise.all((await actors('leaver', LEAVERS)).map(leave));
  const strangers = await actors('stranger', STRANGERS);
  await Promise.all(strangers.slice(0, HERMITS).map((hermit) => open(hermit, [])));
  const cast = {
    lanes: (await Promise.all([...lanes, ...quiet])).flat(),
    clubs: await Promise.all(clubs),
    regulars: await gatherRegulars(await actors('regular', REGULARS), open),
    strangers,
    leavers,
    clients,
  };
  await Promise.all(clients.map(({ recorder }) => recorder.ready(30_000)));
  return {
    ...cast,
    close: async () => {
      over.abort();
      for (const { recorder } of clients) recorder.close();
      for (const { page } of leavers) page.close();
      await Promise.all(clients.map(({ link }) => link.close()));
    },
  };
}

/** Connected and there before their pages open, so that each hears of the others from the first moment. */
async function gatherRegulars(
  regulars: Actor[],
  open: (who: Actor, conversations: string[]) => Promise<Client>,
): Promise<Client[]> {
  for (const [place, one] of regulars.entries()) {
    await Promise.all(regulars.slice(place + 1).map((other) => one.rest.connect(other.id)));
  }
  await Promise.all(regulars.map(({ rest }) => rest.beat('page', 'active')));
  return Promise.all(regulars.map((one) => open(one, [])));
}
