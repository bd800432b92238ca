/** Where a Centrifugo is and what opens it; a fault may stand in front of it. */
export type Api = { url: string; apiKey: string };

export type HttpAnswer = { status: number; type: string | null; body: string };

/** One request as it stands; nothing is added but the key, unless `headers` has one. */
export async function send(
  { url, apiKey }: Api,
  path: string,
  request: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<HttpAnswer> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'x-api-key': apiKey },
    ...request,
  });
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: await answer.text(),
  };
}

/** What a command brought: `{"result": …}` or `{"error": {"code", "message"}}`, with the epochs as they are. */
export async function call(api: Api, command: string, params: unknown): Promise<any> {
  const answer = await send(api, `/api/${command}`, { body: JSON.stringify(params) });
  if (answer.status !== 200)
    throw new Error(`${command} answered ${answer.status} ${answer.body.trim()}`);
  return JSON.parse(answer.body);
}

/** The replies to a batch, one by one; none for an empty batch. */
export async function batch(
  api: Api,
  commands: unknown[],
  options: { parallel?: boolean } = {},
): Promise<any[]> {
  return (await call(api, 'batch', { commands, ...options })).replies ?? [];
}

export type Publication = {
  channel: string;
  data: unknown;
  version?: number;
  version_epoch?: string;
  idempotency_key?: string;
  skip_history?: boolean;
};

/** Publications one after the other in one batch, as the worker sends them. */
export async function publish(api: Api, ...publications: Publication[]): Promise<any[]> {
  const replies = await batch(
    api,
    publications.map((publication) => ({ publish: publication })),
  );
  return replies.map((reply) => reply.publish ?? reply);
}

/** Where a channel stands. */
export async function positionOf(
  api: Api,
  channel: string,
): Promise<{ offset: number; epoch: string }> {
  const { result } = await call(api, 'history', { channel, limit: 0 });
  return { offset: result.offset ?? 0, epoch: result.epoch };
}

/** The data of what history keeps, the oldest first. */
export async function kept(api: Api, channel: string): Promise<unknown[]> {
  const { result } = await call(api, 'history', { channel, limit: -1 });
  return result.publications.map(({ data }: { data: unknown }) => data);
}

export async function clientsOn(api: Api, channel: string): Promise<number> {
  const { result } = await call(api, 'presence_stats', { channel });
  return result.num_clients ?? 0;
}
