-- Tells these conversations to look again, each from its message on: {"conversations": n, "shards": [n…]}.
--
--   p_conversations  {conversationId: seq or null for the last message}
CREATE OR REPLACE FUNCTION resync_conversations(p_deed jsonb, p_conversations jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  outcome jsonb;
BEGIN
  -- Senders wait for what is locked here already, while this waits for the next lock.
  PERFORM set_config('lock_timeout', '300ms', true);
  SELECT jsonb_build_object(
    'conversations', count(*), 'shards', coalesce(jsonb_agg(DISTINCT shard), '[]'))
  INTO outcome FROM conversations WHERE id IN (SELECT key::uuid FROM jsonb_each(p_conversations));
  PERFORM announce_resync(p_conversations, '{}');
  PERFORM record_deed(p_deed, 'resync', outcome - 'shards');
  RETURN outcome;
END $$;
