import { problemTable } from './problems.ts';

/** What holds for every call, in Markdown. */
export const INTRODUCTION = `\
The REST side of a chat back end whose real-time events are never lost. Writes and reads go here; what happens
meanwhile is heard on a WebSocket of Centrifugo, for which this API hands out tokens; its events are described as
AsyncAPI 3 in [/asyncapi.json](/asyncapi.json). The package
\`@rov/realtime\` has both for TypeScript and React.

## Who calls

Every path under \`/v1\` needs \`Authorization: Bearer <JWT>\` of the installation's identity provider. The user is the
token's \`sub\`; \`name\`, \`username\` and \`picture\` become their profile, which a later token changes.

## Numbers instead of times

Messages of a conversation are numbered by \`seq\`, events by \`ev\`, both from 1 and without holes: a client that misses
a number knows that it missed something. Two numbers of different conversations say nothing about each other.

## Asking again

Every GET, PUT and DELETE may be repeated, and so may a POST that carries a \`clientId\`: it is kept for ever, so a
repeat after a timeout makes nothing twice; and so may the edit of a message, which names the revision that it
changes. The answer to a repeated POST is 200 with \`Idempotent-Replayed: true\`; another
content under the same \`clientId\` is refused. A 503 says in \`Retry-After\` after how many seconds to try again.

## Lists

\`{items, nextCursor}\`, at most 100 items a page. Hand \`nextCursor\` over as \`cursor\` for the next page, with nothing
read into it.

## What is taken, and what may come

Bodies are JSON in UTF-8, at most 64 KiB, 32 levels deep. An unknown query parameter or field is refused with
\`invalid_request\`. In answers, on the other hand, new fields may appear at any time: ignore what you do not know.
Pages of other origins may call when the installation lists their origin.

## Problems

Whatever goes wrong is \`application/problem+json\` after RFC 9457 with a stable \`code\`:

${problemTable()}

Somebody who is not in a conversation gets the same \`not_found\` as for one that does not exist. A path or a method that
is not described here is \`no_such_route\`, never 405; under \`/v1\` only after the token was found good. \`internal\` is a
fault of the server, which has been logged under the \`requestId\`. Requests that are no HTTP, that come too slowly or
with too large a header are answered by the HTTP server itself (400, 408, 431), without a body.
`;
