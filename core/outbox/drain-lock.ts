/** First key of the advisory lock that one drain of a shard holds; the second is the shard. */
export const DRAIN_LOCK = 0x726f76;
