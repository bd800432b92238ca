/**
 * Into how many ordered lanes the outbox is split. A conversation (or a user, for presence) keeps the
 * shard that it got at its creation; another number here is a procedure with an empty outbox.
 */
export const SHARDS = 8;

export const allShards: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);
