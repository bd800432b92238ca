type ProblemKind = { status: number; title: string; retryAfterSeconds?: number };

/** Every `code` that an answer of the API can have. Codes are a contract: they are added, never renamed. */
export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not JSON' },
  invalid_request: { status: 400, title: 'The request is not as the contract has it' },
  not_a_channel: { status: 400, title: 'There is no such kind of channel' },

  token_missing: { status: 401, title: 'A bearer token is needed' },
  token_invalid: { status: 401, title: 'The bearer token is not valid' },
  token_expired: { status: 401, title: 'The bearer token has expired' },
  signed_out: { status: 401, title: 'The user has signed out since the token was issued' },
  unsupported_subject: { status: 401, title: 'The subject of the token cannot be a user id here' },

  banned: { status: 403, title: 'The user is banned' },
  role_required: { status: 403, title: 'Your role does not allow this' },
  not_the_sender: { status: 403, title: 'Only its sender may edit a message' },
  system_message: { status: 403, title: 'What the system said cannot be changed' },
  channel_refused: { status: 403, title: 'You may not listen to this channel' },

  not_found: { status: 404, title: 'There is no such thing' },
  no_such_route: { status: 404, title: 'There is no such route' },

  last_owner: { status: 409, title: 'A group needs an owner, and this is the last one' },

  cursor_expired: { status: 410, title: 'The cursor is too old: begin without one' },
  message_deleted: { status: 410, title: 'The message was deleted' },

  revision_mismatch: { status: 412, title: 'The message was changed since that revision' },

  body_too_large: { status: 413, title: 'The body is larger than 64 KiB' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },

  content_empty: { status: 422, title: 'The message says nothing' },
  content_too_long: { status: 422, title: 'The message has more than 4,000 characters' },
  content_malformed: { status: 422, title: 'The message holds half of a character' },
  metadata_too_large: { status: 422, title: 'The metadata is larger than 4 KiB' },
  metadata_malformed: { status: 422, title: 'The metadata holds text that cannot be stored' },
  title_not_allowed: { status: 422, title: 'The title holds nothing that can be shown' },
  nothing_from_there: { status: 422, title: 'There is no message from there on' },
  reply_not_found: { status: 422, title: 'The message replied to is not in this conversation' },
  emoji_not_allowed: { status: 422, title: 'A reaction is exactly one emoji' },
  too_many_emoji: { status: 422, title: 'The message has 20 different emoji already' },
  client_id_reused: { status: 422, title: 'The client id was used for something else' },
  unknown_user: { status: 422, title: 'There is no such user' },
  not_with_oneself: { status: 422, title: 'This needs two different people' },
  direct_conversation: {
    status: 422,
    title: 'A direct conversation is fixed: its members, and what it is called',
  },

  precondition_required: { status: 428, title: 'If-Match has to name the revision that was seen' },

  rate_limited: { status: 429, title: 'That was too much at once', retryAfterSeconds: 1 },

  internal: { status: 500, title: 'Something went wrong here' },

  conversation_busy: {
    status: 503,
    title: 'Too many write to this at once',
    retryAfterSeconds: 1,
  },
  conversation_not_ready: {
    status: 503,
    title: 'You have just come into this conversation, and can listen in a moment',
    retryAfterSeconds: 1,
  },
  outcome_unknown: {
    status: 503,
    title: 'Whether this was done is not known',
    retryAfterSeconds: 1,
  },
  database_unavailable: {
    status: 503,
    title: 'The database does not answer',
    retryAfterSeconds: 2,
  },
  realtime_unavailable: {
    status: 503,
    title: 'The real-time server does not answer',
    retryAfterSeconds: 2,
  },
  identity_unavailable: {
    status: 503,
    title: 'The keys of the identity provider cannot be read',
    retryAfterSeconds: 5,
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

export function problemKind(code: ProblemCode): ProblemKind {
  return PROBLEMS[code];
}
