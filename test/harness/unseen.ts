import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Document = {
  paths: Record<string, Record<string, { operationId: string; responses: object }>>;
};
type Events = {
  channels: Record<string, { messages: Record<string, unknown> }>;
  components: { messages: Record<string, { name: string }> };
};
export type Contract = { api: Document; events: Events };

/**
 * What no test can bring about, each with the reason why. An entry that was met all the same, or that the contract does
 * not have any more, is a fault, too: this list only shrinks.
 */
const BEYOND_TESTS: Record<string, string> = {};

/** What of the contract was never met, in words for whoever has to write the test. */
export function unseenOf(
  contract: Contract,
  { met, beyond = BEYOND_TESTS }: { met: ReadonlySet<string>; beyond?: Record<string, string> },
): string[] {
  const promised = new Set(promisesOf(contract));
  const missing = [...promised].filter((promise) => !met.has(promise) && !(promise in beyond));
  const needless = Object.keys(beyond).filter(
    (promise) => met.has(promise) || !promised.has(promise),
  );
  return [
    ...missing.map((promise) => `never seen: ${promise}`),
    ...needless.map((promise) => `said to be beyond tests, and is not: ${promise}`),
  ];
}

/** Every status of every operation, and every event of each kind of channel, as `note` was told of them. */
export function promisesOf({ api, events }: Contract): string[] {
  const answers = Object.values(api.paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `answer ${operationId} ${status}`),
    );
  const heard = Object.entries(events.channels).flatMap(([kind, { messages }]) =>
    Object.keys(messages).map((id) => `event ${kind} ${events.components.messages[id]!.name}`),
  );
  return [...answers, ...heard];
}

/** What every process of a run has noted. */
export async function metIn(folder: string): Promise<Set<string>> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return new Set(texts.flatMap((text) => text.split('\n')).filter((line) => line !== ''));
}

export async function committedContract(root: string): Promise<Contract> {
  const [api, events] = await Promise.all(
    ['openapi.json', 'asyncapi.json'].map(async (name) =>
      JSON.parse(await readFile(join(root, 'api', name), 'utf8')),
    ),
  );
  return { api, events };
}
