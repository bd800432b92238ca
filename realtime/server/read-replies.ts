import * as z from 'zod';

import { CentrifugoCommandError } from './command-error.ts';
import type {
  BroadcastParams,
  BroadcastResult,
  Command,
  CommandOutcome,
  Method,
  Methods,
} from './commands.ts';
import { wireName } from './encode-command.ts';

/** Thrown where an answer is JSON, but not what Centrifugo answers to what was asked. */
class UnexpectedReply extends Error {
  override readonly name = 'UnexpectedReply';
}

const CommandFault = z.object({ code: z.int(), message: z.string().default('') });

// Centrifugo leaves out numbers that are 0 and texts that are empty.
const PublishReply = z.object({ offset: z.int().optional(), epoch: z.string().optional() });

const BroadcastReply = z.object({
  responses: z
    .array(z.object({ error: CommandFault.optional(), result: PublishReply.optional() }))
    .default([]),
});

const PresenceStatsReply = z
  .object({ num_clients: z.int().default(0), num_users: z.int().default(0) })
  .transform((stats) => ({ numClients: stats.num_clients, numUsers: stats.num_users }));

const HistoryReply = z.object({
  publications: z
    .array(
      z.object({
        data: z.unknown(),
        offset: z.int().default(0),
        tags: z.record(z.string(), z.string()).optional(),
      }),
    )
    .default([]),
  offset: z.int().default(0),
  epoch: z.string().default(''),
});

const EmptyReply = z.object({}).transform(() => ({}));

const Reply = z.object({
  error: CommandFault.optional(),
  publish: PublishReply.optional(),
  broadcast: BroadcastReply.optional(),
  unsubscribe: EmptyReply.optional(),
  disconnect: EmptyReply.optional(),
  presence_stats: PresenceStatsReply.optional(),
  history: HistoryReply.optional(),
  history_remove: EmptyReply.optional(),
});

const BatchReply = z.object({ replies: z.array(Reply).default([]) });

const SingleReply = z.object({ error: CommandFault.optional(), result: z.unknown().optional() });

/** The outcomes of a batch, one per command and in their order. */
export function readReplies(commands: readonly Command[], json: unknown): CommandOutcome[] {
  const { replies } = parse(BatchReply, json);
  if (replies.length !== commands.length) {
    throw new UnexpectedReply(`${commands.length} commands got ${replies.length} replies`);
  }
  return replies.map((reply, index) => {
    const command = commands[index];
    if (!command) throw new UnexpectedReply(`a reply to no command at ${index}`);
    return readOutcome(command, reply);
  });
}

/** The outcome of a single call, whose answer has the result where a batch has the method's name. */
export function readReply(command: Command, json: unknown): CommandOutcome {
  const { error, result } = parse(SingleReply, json);
  return readOutcome(
    command,
    parse(Reply, error ? { error } : { [wireName[command.method]]: result }),
  );
}

function readOutcome(command: Command, reply: z.infer<typeof Reply>): CommandOutcome {
  if (reply.error) {
    return { ok: false, method: command.method, error: new CentrifugoCommandError(reply.error) };
  }
  switch (command.method) {
    case 'publish':
      return done('publish', reply.publish);
    case 'broadcast':
      return done('broadcast', reply.broadcast && perChannel(command, reply.broadcast));
    case 'unsubscribe':
      return done('unsubscribe', reply.unsubscribe);
    case 'disconnect':
      return done('disconnect', reply.disconnect);
    case 'presenceStats':
      return done('presenceStats', reply.presence_stats);
    case 'history':
      return done('history', reply.history);
    case 'historyRemove':
      return done('historyRemove', reply.history_remove);
    default:
      throw new UnexpectedReply(
        `a reply to an unknown command: ${typeof (command satisfies never)}`,
      );
  }
}

function done<M extends Method>(
  method: M,
  result: Methods[M]['result'] | undefined,
): { ok: true; method: M; result: Methods[M]['result'] } {
  if (result === undefined) throw new UnexpectedReply(`no reply to ${method}`);
  return { ok: true, method, result };
}

function perChannel(
  command: BroadcastParams,
  reply: z.infer<typeof BroadcastReply>,
): BroadcastResult {
  if (reply.responses.length !== command.channels.length) {
    throw new UnexpectedReply(
      `${command.channels.length} channels got ${reply.responses.length} replies`,
    );
  }
  return {
    responses: reply.responses.map(({ error, result }) =>
      error
        ? { ok: false, error: new CentrifugoCommandError(error) }
        : { ok: true, result: result ?? {} },
    ),
  };
}

function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  // zod names paths and expected types, never the values, which may be messages.
  if (!parsed.success) throw new UnexpectedReply(z.prettifyError(parsed.error));
  return parsed.data;
}
