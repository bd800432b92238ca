import type * as z from 'zod';

import type { ProblemCode } from '../problem-codes.ts';
import type { Tag } from './tags.ts';

/** What the reference says of one route. What the route takes is read from its own shapes (handle.ts). */
export type Operation = {
  /** The name of the call in generated clients. Like a problem's code it is never renamed. */
  id: string;
  tag: Tag;
  summary: string;
  /** Markdown. */
  description: string;
  /** By status, each that is no problem. */
  answers: Record<number, Said>;
  /** Codes of its own; those that every call, or every call with a body, can meet are added (problems.ts). */
  problems?: readonly ProblemCode[];
  /** A body that the route takes. */
  example?: unknown;
  /** Continues the trace of a `traceparent` header. */
  isTraced?: true;
  /** Whether it takes the revision that the caller saw, in `If-Match`. */
  condition?: 'required' | 'optional';
  /** Needs no token. */
  isPublic?: true;
};

/** By method and path: `PUT /v1/connections/{userId}`. */
export type Operations = Record<string, Operation>;

export type Said = {
  description: string;
  /** Absent: without a body. */
  body?: { mediaType: string; schema: z.ZodType; example: unknown };
  isReplay?: true;
  /** Says its revision in `ETag`. */
  isVersioned?: true;
};

export function says<T extends z.ZodType>(
  description: string,
  schema: T,
  example: z.input<T>,
): Said {
  return { description, body: { mediaType: 'application/json', schema, example } };
}

/** The same answer as the first time, with `Idempotent-Replayed`. */
export function saysAgain<T extends z.ZodType>(
  description: string,
  schema: T,
  example: z.input<T>,
): Said {
  return { ...says(description, schema, example), isReplay: true };
}

/** With the revision of what is answered in `ETag`. */
export function saysRevision<T extends z.ZodType>(
  description: string,
  schema: T,
  example: z.input<T>,
): Said {
  return { ...says(description, schema, example), isVersioned: true };
}

export const saysNothing = (description: string): Said => ({ description });
