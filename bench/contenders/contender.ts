import type { Aside } from '../backlog.ts';
import type { Bed, BedOptions } from '../bed.ts';

/** One way to bring messages from Postgres to sockets, and what it needs there. */
export type Contender = BedOptions & {
  name: string;
  open(bed: Bed): Delivery;
};

export type Delivery = {
  /** Starts what delivers; resolves once it is ready. It ends with the bed. */
  start(): Promise<unknown>;
  /** Writes a message and does what this way asks of the writer. Then the writer may be answered. */
  send(message: { conversationId: string; senderId: string; clientId: string }): Promise<void>;
  /** Whether Centrifugo has acknowledged all there is. */
  isQuiet: () => Promise<boolean>;
  /**
   * Makes what was set aside wait before what delivers and was started, up to the point where only a word is missing.
   * Resolves to that word, which resolves to how long it took until Centrifugo had acknowledged all, in ms.
   */
  prepareCatchUp(aside: Aside): Promise<() => Promise<number>>;
  close(): Promise<unknown>;
};
