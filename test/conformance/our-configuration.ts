import { readFileSync } from 'node:fs';

import { CENTRIFUGO_CONFIG } from '../../embedded/centrifugo.ts';

/** A namespace as `centrifugo.json` spells it. */
export type Namespace = { name: string } & Record<string, unknown>;

type Configuration = {
  client: Record<string, unknown>;
  channel: { history_meta_ttl: string; namespaces: Namespace[] };
};

/** What the repository's `centrifugo.json` says: the suite asserts these values and repeats none of them. */
export const ours = JSON.parse(readFileSync(CENTRIFUGO_CONFIG, 'utf8')) as Configuration;

export function ourNamespace(name: string): Namespace {
  const found = ours.channel.namespaces.find((namespace) => namespace.name === name);
  if (!found) throw new Error(`centrifugo.json has no namespace ${name}`);
  return found;
}

/** The variable that carries our namespaces, with some of them changed and others beside them. */
export function namespaces(...changes: Namespace[]): Record<string, string> {
  const byName = new Map(ours.channel.namespaces.map((namespace) => [namespace.name, namespace]));
  for (const change of changes) byName.set(change.name, { ...byName.get(change.name), ...change });
  return { CENTRIFUGO_CHANNEL_NAMESPACES: JSON.stringify([...byName.values()]) };
}

/** Whole seconds of a Go duration such as `720h` or `5s`. */
export function secondsOf(duration: string): number {
  const [, count, unit] = /^(\d+)(h|m|s)$/.exec(duration) ?? [];
  if (!count || !unit) throw new Error(`${duration} is no duration of one unit`);
  return Number(count) * { h: 3_600, m: 60, s: 1 }[unit]!;
}
