import { Problem } from '@rov/realtime';
import type * as z from 'zod';

import { meet } from '../../harness/described.ts';

export type Asked = {
  method?: string;
  token?: string | undefined;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
};

export type Heard = { status: number; headers: Headers; text: string };

/** One request, without any of the politeness of a client. Throws when its answer is not as the API describes it. */
export async function ask(url: string, asked: Asked = {}): Promise<Heard> {
  const { method = 'GET', token, body, headers } = asked;
  const answer = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const heard = { status: answer.status, headers: answer.headers, text: await answer.text() };
  const sent: unknown = typeof body === 'string' && heard.status < 300 ? JSON.parse(body) : body;
  meet({ method, url, sent, ...heard });
  return heard;
}

export function bodyOf<T extends z.ZodType>(schema: T, heard: Heard): z.infer<T> {
  return schema.parse(JSON.parse(heard.text));
}

/** Reads an answer that must be a problem, and one that tells nothing about our insides. */
export function problemOf(heard: Heard): Problem {
  const { headers, status, text } = heard;
  const type = headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) {
    throw new Error(`${status} is no problem but ${type}: ${text}`);
  }
  const leak =
    /node_modules|\.ts:\d|\bat \w+ \(|SELECT |INSERT |violates|constraint|postgres/i.exec(text);
  if (leak) throw new Error(`${status} tells of our insides: ${leak[0]}`);
  const problem = Problem.parse(JSON.parse(text));
  if (problem.status !== status) throw new Error(`${status} says that it is ${problem.status}`);
  if (problem.requestId !== headers.get('x-request-id')) throw new Error('another request id');
  return problem;
}
