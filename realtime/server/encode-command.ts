import { InvalidCommandError } from './command-error.ts';
import type { BroadcastParams, Command, PublishParams } from './commands.ts';
import { RawJson } from './raw-json.ts';

/** Centrifugo's own names of the methods, in a batch and in the path of a single call. */
export const wireName = {
  publish: 'publish',
  broadcast: 'broadcast',
  unsubscribe: 'unsubscribe',
  disconnect: 'disconnect',
  presenceStats: 'presence_stats',
  history: 'history',
  historyRemove: 'history_remove',
} as const;

/**
 * The JSON text of a command's parameters. Text is put together by hand so that the payload, which was
 * serialised when it was written, is neither parsed nor escaped again.
 *
 * @param index of the command, for {@link InvalidCommandError}
 */
export function encodeParams(command: Command, index: number): string {
  const check = checks(index);
  switch (command.method) {
    case 'publish':
      return `{"channel":${check.text('channel', command.channel)}${publication(command, check)}}`;
    case 'broadcast':
      return `{"channels":${check.texts('channels', command.channels)}${publication(command, check)}}`;
    case 'unsubscribe':
      return (
        `{"user":${check.text('user', command.user)},"channel":${check.text('channel', command.channel)}` +
        `${optional('client', command.client, check.text)}}`
      );
    case 'disconnect':
      return (
        `{"user":${check.text('user', command.user)}${optional('client', command.client, check.text)}` +
        `${optional('whitelist', command.whitelist, check.texts)}${disconnectReason(command, check)}}`
      );
    case 'presenceStats':
    case 'historyRemove':
      return `{"channel":${check.text('channel', command.channel)}}`;
    case 'history':
      return (
        `{"channel":${check.text('channel', command.channel)}` +
        optional('limit', command.limit, (field, value) => check.integer(field, value, -1)) +
        `${optional('since', command.since, since(check))}${command.reverse ? ',"reverse":true' : ''}}`
      );
    default:
      return refuse(command, index);
  }
}

function publication(params: PublishParams | BroadcastParams, check: Checks): string {
  return (
    `,"data":${check.json('data', params.data)}` +
    optional('idempotency_key', params.idempotencyKey, check.text) +
    optional('version', params.version, check.integer) +
    optional('version_epoch', params.versionEpoch, check.text) +
    optional('tags', params.tags, check.tags) +
    (params.skipHistory ? ',"skip_history":true' : '')
  );
}

function disconnectReason(
  command: { code?: number | undefined; reason?: string | undefined },
  check: Checks,
): string {
  if (command.code === undefined) return '';
  const code = check.integer('code', command.code);
  // centrifuge-js takes a code without a reason for one to reconnect after, whatever the code.
  const reason = command.reason || 'disconnected by the server';
  return `,"disconnect":{"code":${code},"reason":${check.text('reason', reason)}}`;
}

function since(check: Checks) {
  return (field: string, position: { offset: number; epoch: string }) =>
    `{"offset":${check.integer(`${field}.offset`, position.offset)},"epoch":${check.text(`${field}.epoch`, position.epoch)}}`;
}

function optional<T>(
  name: string,
  value: T | undefined,
  encode: (field: string, value: T) => string,
): string {
  return value === undefined ? '' : `,"${name}":${encode(name, value)}`;
}

type Checks = ReturnType<typeof checks>;

/** The types say all this already, but what comes from a database driver is not always what its type says. */
function checks(index: number) {
  const invalid = (field: string, expected: string) =>
    new InvalidCommandError({ index, field, expected });

  const text = (field: string, value: string): string => {
    if (typeof value !== 'string') throw invalid(field, 'a string');
    return JSON.stringify(value);
  };

  return {
    text,
    texts: (field: string, values: readonly string[]): string => {
      const areTexts = Array.isArray(values) && values.every((value) => typeof value === 'string');
      if (!areTexts) throw invalid(field, 'an array of strings');
      return JSON.stringify(values);
    },
    integer: (field: string, value: number, least = 0): string => {
      if (!Number.isSafeInteger(value) || value < least) {
        throw invalid(field, `a whole number from ${least} to 2^53 − 1`);
      }
      return String(value);
    },
    tags: (field: string, tags: Readonly<Record<string, string>>): string =>
      `{${Object.entries(tags)
        .map(([key, value]) => `${JSON.stringify(key)}:${text(`${field}.${key}`, value)}`)
        .join(',')}}`,
    json: (field: string, value: unknown): string => {
      if (value instanceof RawJson) return value.text;
      // TypeScript's type leaves out that functions, symbols and undefined have no JSON.
      const json: string | undefined = JSON.stringify(value);
      if (json === undefined) throw invalid(field, 'a JSON value');
      return json;
    },
  };
}

function refuse(command: never, index: number): never {
  throw new InvalidCommandError({
    index,
    field: 'method',
    expected: `a known method: ${typeof command}`,
  });
}
