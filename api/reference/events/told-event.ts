import type * as z from 'zod';

/** An event of the contract: its shape has an `id`, and its `type` is one word. */
export type EventShape = z.ZodObject<{ type: z.ZodLiteral<string> }>;

/** How an event travels; the introduction explains it. */
export type Delivery = 'durable' | 'receipt' | 'ephemeral';

/** What the description says of one event. Its shape is the contract's. */
export type Told = {
  summary: string;
  delivery: Delivery;
  example: unknown;
};

/** Holds an example to its shape where it is written. */
export function tell<T extends z.ZodType>(
  _shape: T,
  told: { summary: string; delivery: Delivery; example: z.input<T> },
): Told {
  return told;
}
