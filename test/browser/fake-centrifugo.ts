interface Command {
  id: number;
  connect?: { token?: string };
  subscribe?: { channel: string; token?: string; recover?: boolean; epoch?: string };
  unsubscribe?: { channel: string };
  refresh?: { token: string };
  sub_refresh?: { channel: string };
}

/**
 * As much of Centrifugo's protocol as hooks need, in place of the page's WebSocket: what is tested here is
 * how often components connect and subscribe, not what Centrifugo does.
 */
export function fakeCentrifugo() {
  const sockets: FakeSocket[] = [];
  const seen: Command[] = [];
  /** Seconds that a connection's token is said to be good for. */
  const life = { ttl: 600 };
  /** Of its history: another one when that was lost. */
  const stream = { epoch: 'e' };

  class FakeSocket extends EventTarget {
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    onclose?: (event: { code: number; reason: string }) => void;
    readonly address: string;
    readonly channels = new Set<string>();
    open = true;

    constructor(address: string) {
      super();
      this.address = address;
      sockets.push(this);
      queueMicrotask(() => this.onopen?.());
    }

    send(text: string) {
      for (const line of text.split('\n').filter((one) => one.startsWith('{"'))) {
        const command = JSON.parse(line) as Command;
        seen.push(command);
        queueMicrotask(() => this.push({ id: command.id, ...this.answer(command) }));
      }
    }

    answer({ connect, subscribe, unsubscribe, refresh }: Command): object {
      if (connect) return { connect: { client: 'one', version: '', expires: true, ...life } };
      if (refresh) return { refresh: { client: 'one', expires: true, ttl: 600 } };
      if (subscribe) {
        const { channel, recover, epoch } = subscribe;
        if (recover && epoch !== stream.epoch) {
          return { error: { code: 112, message: 'unrecoverable position' } };
        }
        this.channels.add(channel);
        return { subscribe: { recoverable: true, positioned: true, ...stream, recovered: true } };
      }
      if (unsubscribe) {
        this.channels.delete(unsubscribe.channel);
        return { unsubscribe: {} };
      }
      return {};
    }

    push(reply: object) {
      if (this.open) this.onmessage?.({ data: JSON.stringify(reply) });
    }

    close(code = 1000) {
      if (!this.open) return;
      this.open = false;
      this.channels.clear();
      queueMicrotask(() => this.onclose?.({ code, reason: '' }));
    }
  }

  return {
    WebSocket: FakeSocket,
    life,
    stream,
    /** Every connection ends, as in an outage. */
    drop: () => {
      for (const socket of sockets) socket.close(1006);
    },
    addresses: () => sockets.map(({ address }) => address),
    openSockets: () => sockets.filter(({ open }) => open).length,
    tokens: () => seen.flatMap(({ connect, refresh }) => connect?.token ?? refresh?.token ?? []),
    subscribes: () => seen.flatMap(({ subscribe }) => subscribe?.channel ?? []),
    channels: () => sockets.flatMap((socket) => Array.from(socket.channels)),
    publish: (channel: string, data: unknown) => {
      for (const socket of sockets) {
        if (socket.channels.has(channel)) socket.push({ push: { channel, pub: { data } } });
      }
    },
  };
}
