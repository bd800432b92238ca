const text = { type: 'string' };

/** Of requests. */
export const PARAMETERS = {
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    description:
      'Names the request in the log and in the answer. One that does not fit is replaced, one that is absent is made.',
    schema: { ...text, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' },
    example: 'lunch-7',
  },
  Traceparent: {
    name: 'traceparent',
    in: 'header',
    description:
      'W3C Trace Context: the trace that the event of this call belongs to. One that does not fit is ignored.',
    schema: text,
    example: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
};

/** The revision that was seen, where a call takes one. */
const seenRevision = {
  name: 'If-Match',
  in: 'header',
  schema: { ...text, pattern: '^"[1-9][0-9]{0,8}"$' },
  example: '"1"',
};

/** Of calls that change something with a revision. */
export const CONDITIONS = {
  required: {
    ...seenRevision,
    required: true,
    description:
      'The `revision` that is to be changed, in quotes. Another one than the present is refused.',
  },
  optional: {
    ...seenRevision,
    required: false,
    description:
      'The `revision` that was seen, in quotes; then another one than the present is refused.',
  },
};

/** Of answers. */
export const HEADERS = {
  RequestId: {
    description: 'The name of the request: its own, or the one that it was given.',
    required: true,
    schema: text,
  },
  IdempotentReplayed: {
    description: 'This is the answer to the first of several equal requests.',
    required: true,
    schema: { const: 'true' },
  },
  Revision: {
    description: 'The `revision` of the answer, in quotes, for If-Match.',
    required: true,
    schema: { ...text, pattern: '^"[1-9][0-9]*"$' },
  },
  RetryAfter: {
    description: 'After how many seconds to try again.',
    required: true,
    schema: { ...text, pattern: '^[1-9][0-9]*$' },
  },
  Challenge: {
    description: '`Bearer`, with `error="invalid_token"` if a token was sent.',
    required: true,
    schema: { ...text, pattern: '^Bearer' },
  },
};

/** The names of answers' headers as they are sent. */
const NAMES = {
  RequestId: 'X-Request-Id',
  IdempotentReplayed: 'Idempotent-Replayed',
  Revision: 'ETag',
  RetryAfter: 'Retry-After',
  Challenge: 'WWW-Authenticate',
} as const satisfies Record<keyof typeof HEADERS, string>;

export function headers(...which: (keyof typeof HEADERS)[]): Record<string, { $ref: string }> {
  return Object.fromEntries(
    which.map((header) => [NAMES[header], { $ref: `#/components/headers/${header}` }]),
  );
}

export function parameter(which: keyof typeof PARAMETERS): { $ref: string } {
  return { $ref: `#/components/parameters/${which}` };
}
