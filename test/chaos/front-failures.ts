import type { WireCommand } from '../harness/faulty-centrifugo.ts';

type Reply = {
  error?: unknown;
  broadcast?: { responses?: { error?: unknown }[] };
};

/** Publications that got an error, each with its channel and its idempotency key. */
export function failuresIn(
  answer: { status: number; body: string } | string,
  commands: readonly WireCommand[],
): { channel: string; key: string }[] {
  if (typeof answer === 'string' || answer.status !== 200 || !answer.body.includes('"error"')) {
    return [];
  }
  const { replies = [] } = JSON.parse(answer.body) as { replies?: Reply[] };
  return commands.flatMap(({ publish, broadcast }, index) => {
    const { error, broadcast: told } = replies[index] ?? {};
    const key = keyOf({ ...(publish && { publish }), ...(broadcast && { broadcast }) });
    if (publish) return error ? [{ channel: String(publish['channel']), key }] : [];
    const channels = (broadcast?.['channels'] ?? []) as string[];
    return channels
      .filter((_, place) => error ?? told?.responses?.[place]?.error)
      .map((channel) => ({ channel, key }));
  });
}

/** The idempotency key of a command, which is the id of its event. */
export function keyOf(command: WireCommand): string {
  return String((command['publish'] ?? command['broadcast'])?.['idempotency_key']);
}
