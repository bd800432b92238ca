/**
 * The bare JSON protocol over a WebSocket, for what centrifuge-js cannot express: a position of one's own choice,
 * refusals with their codes, a client that stops reading.
 */
import { createSignal, until } from '../harness/until.ts';

/** A reply or a push, as it came. */
export type Frame = Record<string, any>;

export type Wire = {
  /** One command and its reply; throws where the server closes the connection instead. */
  call(command: Frame): Promise<Frame>;
  /** 0 for success, else the code of the error or of the close that came instead of a reply. */
  codeOf(command: Frame): Promise<number>;
  /** What came without being asked for. */
  pushes: readonly Frame[];
  /** Data of the publications pushed. */
  heard(): unknown[];
  until(condition: () => boolean, options: { timeoutMs?: number; what: string }): Promise<void>;
  /** Null while the connection is open. */
  closed(): { code: number; reason: string } | null;
  close(): void;
};

export async function openWire(url: string, headers: Record<string, string> = {}): Promise<Wire> {
  const socket = new WebSocket(url, { headers } as unknown as string);
  const changed = createSignal();
  const replies = new Map<number, Frame>();
  const pushes: Frame[] = [];
  let closed: { code: number; reason: string } | null = null;
  let lastId = 0;

  const read = (line: string): void => {
    const frame = JSON.parse(line) as Frame;
    // An empty frame is the server's ping.
    if (line === '{}') socket.send('{}');
    else if (frame['id']) replies.set(frame['id'], frame);
    else pushes.push(frame['push']);
  };
  socket.addEventListener('message', ({ data }) => {
    for (const line of String(data).split('\n')) if (line !== '') read(line);
    changed.fire();
  });
  socket.addEventListener('close', ({ code, reason }) => {
    closed = { code, reason };
    changed.fire();
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${url}`)));
  });

  const wait: Wire['until'] = (condition, { timeoutMs = 10_000, what }) =>
    until(condition, { timeoutMs, what, on: [changed] });
  const ask = async (command: Frame): Promise<Frame | null> => {
    const id = (lastId += 1);
    socket.send(JSON.stringify({ id, ...command }));
    await wait(() => replies.has(id) || closed !== null, { what: JSON.stringify(command) });
    return replies.get(id) ?? null;
  };
  return {
    call: async (command) => {
      const reply = await ask(command);
      if (reply === null) throw new Error(`closed with ${closed?.code} ${closed?.reason}`);
      return reply;
    },
    codeOf: async (command) => {
      const reply = await ask(command);
      return reply === null ? closed!.code : (reply['error']?.code ?? 0);
    },
    pushes,
    heard: () => pushes.flatMap((push) => (push['pub'] ? [push['pub'].data] : [])),
    until: wait,
    closed: () => closed,
    close: () => socket.close(),
  };
}
