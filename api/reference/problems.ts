import { PROBLEMS, problemKind } from '../problem-codes.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { REQUEST_ID } from './examples.ts';
import { headers } from './headers.ts';
import type { Operation } from './operation.ts';
import type { Json } from './schemas.ts';

/** What is asked before a route has its say: who calls, and whether they are known here. */
const WITH_TOKEN: ProblemCode[] = [
  'invalid_request',
  'token_missing',
  'token_invalid',
  'token_expired',
  'signed_out',
  'banned',
  'unsupported_subject',
  'identity_unavailable',
  'rate_limited',
  'database_unavailable',
  'conversation_busy',
];
const WITH_BODY: ProblemCode[] = ['malformed_json', 'body_too_large', 'unsupported_media_type'];
const ALWAYS: ProblemCode[] = ['internal'];

/** Of a path that is not described, and so in no description. */
const ELSEWHERE = 'no_such_route' satisfies ProblemCode;

/** Statuses whose problems are the same for every call that can have them. */
const SHARED: Record<number, string> = {
  401: 'Unauthorized',
  413: 'TooLarge',
  415: 'UnsupportedMediaType',
  429: 'TooMany',
  500: 'Internal',
};

/** Every code that a call may be answered with, by status. */
export function problemsByStatus(
  { problems = [], isPublic }: Operation,
  { hasBody }: { hasBody: boolean },
): Map<number, ProblemCode[]> {
  const possible = new Set<ProblemCode>([
    ...problems,
    ...(isPublic ? [] : WITH_TOKEN),
    ...(hasBody ? WITH_BODY : []),
    ...ALWAYS,
  ]);
  return byStatus(codes().filter((code) => possible.has(code)));
}

export function problemAnswer(status: number, possible: readonly ProblemCode[]): Json {
  const name = SHARED[status];
  return name === undefined ? inFull(status, possible) : { $ref: `#/components/responses/${name}` };
}

export function sharedAnswers(): Record<string, Json> {
  const all = byStatus(codes());
  return Object.fromEntries(
    Object.entries(SHARED).map(([status, name]) => [
      name,
      inFull(Number(status), all.get(Number(status)) ?? []),
    ]),
  );
}

export function problemExamples(): Record<string, Json> {
  const described = codes().filter((code) => code !== ELSEWHERE);
  return Object.fromEntries(described.map((code) => [code, example(code)]));
}

/** All codes, as a table in Markdown. */
export function problemTable(): string {
  const rows = codes().map((code) => {
    const { status, title } = problemKind(code);
    return `| \`${code}\` | ${status} | ${title} |`;
  });
  return ['| code | status | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function codes(): ProblemCode[] {
  const isCode = (code: string): code is ProblemCode => code in PROBLEMS;
  return Object.keys(PROBLEMS).filter((code) => isCode(code));
}

function byStatus(possible: readonly ProblemCode[]): Map<number, ProblemCode[]> {
  return Map.groupBy(possible, (code) => problemKind(code).status);
}

function inFull(status: number, possible: readonly ProblemCode[]): Json {
  return {
    description: possible.map((code) => `\`${code}\`: ${problemKind(code).title}`).join('\n\n'),
    headers: headers(
      'RequestId',
      ...(status === 401 ? ['Challenge' as const] : []),
      ...(status === 429 || status === 503 ? ['RetryAfter' as const] : []),
    ),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }],
          properties: { status: { const: status }, code: { enum: possible } },
        },
        examples: Object.fromEntries(
          possible.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  };
}

function example(code: ProblemCode): Json {
  const { status, title } = problemKind(code);
  return {
    summary: title,
    value: {
      type: `urn:rov:problem:${code}`,
      title,
      status,
      instance: '/v1/conversations',
      code,
      requestId: REQUEST_ID,
    },
  };
}
