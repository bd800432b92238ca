import type { Request } from 'express';
import type * as z from 'zod';

import { Refusal } from './refusal.ts';

const MAX_DEPTH = 32;
const MAX_ERRORS = 20;

/** The parts of the path, as `shape` has them. */
export function readPath<T>(shape: z.ZodType<T>, request: Request): T {
  return parse(shape, request.params);
}

export function readQuery<T>(shape: z.ZodType<T>, request: Request): T {
  return parse(shape, request.query);
}

/** The body, after the JSON parser ran. */
export function readBody<T>(shape: z.ZodType<T>, request: Request): T {
  const isEmpty = request.get('Content-Length') === '0';
  if (!isEmpty && request.is('application/json') === false) {
    throw new Refusal('unsupported_media_type');
  }
  const body: unknown = request.body;
  // zod descends by recursion: 64 KiB of brackets would exhaust its stack.
  if (isDeeper(body, MAX_DEPTH)) {
    throw new Refusal('invalid_request', {
      errors: [{ path: '', message: `Nested deeper than ${MAX_DEPTH}` }],
    });
  }
  return parse(shape, body);
}

function parse<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refusal('invalid_request', {
    errors: parsed.error.issues
      .slice(0, MAX_ERRORS)
      .map(({ path, message }) => ({ path: path.join('.'), message })),
  });
}

function isDeeper(value: unknown, depth: number): boolean {
  let level = [value];
  for (let at = 0; level.length > 0; at += 1) {
    if (at > depth) return true;
    level = level.flatMap(inside);
  }
  return false;
}

function inside(value: unknown): unknown[] {
  return value !== null && typeof value === 'object' ? Object.values(value) : [];
}
