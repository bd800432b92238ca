/** What holds for every event, in Markdown. */
export const INTRODUCTION = `\
What a client of rov hears on its WebSocket, beside the REST API, which [/openapi.json](/openapi.json) describes. Written
from the side of the client: it receives, and whatever it wants to say it says over REST.

## Listening

The WebSocket is that of Centrifugo and speaks its protocol, for which there are client libraries. A connection needs the
token of \`POST /v1/realtime/token\`, each subscription that of \`POST /v1/realtime/subscription-token\`. To begin without a
gap ask for the channel's position first, load the state over REST, and subscribe from that position.

## Three ways of travelling

Each event says in \`x-delivery\` how it comes:

- **durable**: written in the transaction that made it happen, delivered until Centrifugo has acknowledged it, kept in
  the channel's history. A client that was away recovers it, or is told that it cannot and reads again.
- **receipt**: written in that transaction as well, but neither numbered nor kept in the history. Of several of one
  user the newest is delivered; who was away learns it with the next read.
- **ephemeral**: published once, at the moment, and lost without harm. It holds for \`expiresInMs\` after it was heard.

## Order, repeats, and what is newer

The durable events of a conversation are numbered by \`ev\`, from 1 and without holes, in the order in which they were
committed; on the channel of a conversation they come in that order. Any event may come twice, with the same \`eventId\`.
Every event is a state and no step, so nothing has to be counted together:

- of two states of one message the one with the higher \`ev\` holds, wherever it came from: an event or a page;
- of two states of the list's row of a conversation likewise;
- of two presences of one user the one with the higher \`version\` holds;
- \`lastReadSeq\` and \`lastDeliveredSeq\` never go back: the higher one holds;
- a number that is missing, or a \`resync\`, means: read again what changed since the last one.

An event that changes a message carries the whole message, or none where somebody who listens may not read it; whoever
may asks for it with \`changedSince\`.

\`epoch\` names the life of the database. Another one than before means that it was restored from a backup: forget the
numbers, and load everything afresh.

## What may come

New types of events and new fields may appear at any time: ignore what you do not know.
`;
