import type { WireCommand } from '../../harness/faulty-centrifugo.ts';
import { keyOf } from '../front-failures.ts';
import type { Call, Fate } from '../front.ts';
import type { Random } from '../random.ts';

const CODE_100 = { error: { code: 100, message: 'internal server error' } };

type Reply = Record<string, { responses?: unknown[] } | undefined>;

/**
 * Every other page of several commands has one whose reply is code 100: a publication, or one channel of a broadcast.
 * With `heldBack` it is not done, and noted there; without, it is.
 */
export function code100(options: {
  random: Random;
  heldBack?: Set<string>;
}): (call: Call) => Promise<Fate | null> {
  const { random, heldBack } = options;
  return async ({ commands, forward }) => {
    if (commands.length < 2 || random.next() < 0.5) return null;
    const at = random.between(0, commands.length - 1);
    const chosen = commands[at]!;
    const channel = chosen['broadcast']
      ? random.pick(chosen['broadcast']['channels'] as string[])
      : String(chosen['publish']?.['channel']);
    const isPublished = Boolean(chosen['publish'] ?? chosen['broadcast']);
    if (!isPublished) return null;
    if (heldBack) heldBack.add(`${channel} ${keyOf(chosen)}`);
    const answer = await forward(heldBack ? without(commands, at, channel) : commands);
    if (typeof answer === 'string' || answer.status !== 200) return answer;
    const { replies } = JSON.parse(answer.body) as { replies: Reply[] };
    if (heldBack && chosen['publish']) replies.splice(at, 0, CODE_100 as unknown as Reply);
    else replies[at] = spoiled(replies[at]!, chosen, { channel, isMissing: Boolean(heldBack) });
    return { status: 200, body: JSON.stringify({ replies }) };
  };
}

/** The commands with that one, or that channel of it, left out. */
function without(commands: readonly WireCommand[], at: number, channel: string): WireCommand[] {
  return commands.flatMap((command, index) => {
    if (index !== at) return [command];
    const { broadcast } = command;
    if (!broadcast) return [];
    const channels = (broadcast['channels'] as string[]).filter((one) => one !== channel);
    return [{ broadcast: { ...broadcast, channels } }];
  });
}

function spoiled(
  reply: Reply,
  command: WireCommand,
  { channel, isMissing }: { channel: string; isMissing: boolean },
): Reply {
  const { broadcast } = command;
  if (!broadcast) return CODE_100 as unknown as Reply;
  const place = (broadcast['channels'] as string[]).indexOf(channel);
  const responses = [...(reply['broadcast']?.responses ?? [])];
  responses.splice(place, isMissing ? 0 : 1, CODE_100);
  return { broadcast: { responses } };
}
