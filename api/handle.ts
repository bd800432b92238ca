import type { Profile } from '@rov/realtime';
import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import * as z from 'zod';

import { callerOf } from './caller.ts';
import { readBody, readPath, readQuery } from './read-request.ts';
import { routePattern } from './route-pattern.ts';

/** What a route answers. Without a body: 204. */
export type Answer =
  | { status: 200 | 201 | 202; body: object; replayed?: boolean; etag?: string }
  | { status: 204 };

export const ok = (body: object): Answer => ({ status: 200, body });
export const created = (body: object): Answer => ({ status: 201, body });

/** It will be seen to, or may come to nothing. */
export const accepted = (body: object): Answer => ({ status: 202, body });
export const noContent: Answer = { status: 204 };

/** The same answer as the first time, and saying so. */
export const replayed = (body: object): Answer => ({ status: 200, body, replayed: true });

/** With the revision of what is answered, for If-Match. */
export const versioned = (body: { revision: number }): Answer => ({
  status: 200,
  body,
  etag: `"${body.revision}"`,
});

/** What a route takes that takes nothing: an unknown query parameter is refused everywhere. */
export const nothing = { path: z.unknown(), query: z.strictObject({}), body: z.unknown() };

/** 64 KiB, measured after decompression. */
const readJson = express.json({ limit: 65_536, type: 'application/json' });

export type Shapes<Path, Query, Body> = {
  path: z.ZodType<Path>;
  query: z.ZodType<Query>;
  body: z.ZodType<Body>;
};

const shapesByHandler = new WeakMap<object, Shapes<unknown, unknown, unknown>>();

/** What the route of a handler takes, for the reference to tell; undefined for a handler that is none of ours. */
export function shapesOf(handler: object): Shapes<unknown, unknown, unknown> | undefined {
  return shapesByHandler.get(handler);
}

type Call<Path, Query, Body> = {
  caller: Profile;
  path: Path;
  query: Query;
  body: Body;
  request: Request;
};

/** A route: what it takes, by the shapes of the contract, and what it does with it. Comes after admitCaller. */
export function handle<Path, Query, Body>(
  shapes: Shapes<Path, Query, Body>,
  answer: (call: Call<Path, Query, Body>) => Promise<Answer>,
): RequestHandler[] {
  const hasBody = shapes.body !== nothing.body;

  const answerRequest: RequestHandler = async (request, response) => {
    const path = readPath(shapes.path, request);
    const query = readQuery(shapes.query, request);
    const body = hasBody ? readBody(shapes.body, request) : shapes.body.parse(undefined);
    send(response, await answer({ caller: callerOf(request), path, query, body, request }));
  };

  shapesByHandler.set(answerRequest, shapes);
  return [oneSpelling, ...(hasBody ? [readJson] : []), answerRequest];
}

/** Express also takes `/V1/Unread/` for `/v1/unread`. A path that is not described does not exist. */
const oneSpelling: RequestHandler = (request, _response, next) => {
  if (isSpelledOut(request)) next();
  else next('route');
};

function isSpelledOut(request: Request): boolean {
  const given = request.path.split('/');
  const known = routePattern(request).split('/');
  return (
    given.length === known.length &&
    known.every((part, place) => part.startsWith(':') || part === given[place])
  );
}

function send(response: Response, answer: Answer): void {
  response.status(answer.status);
  if (answer.status === 204) {
    response.end();
    return;
  }
  if (answer.etag !== undefined) response.set('ETag', answer.etag);
  if (answer.replayed) response.set('Idempotent-Replayed', 'true');
  response.json(answer.body);
}
