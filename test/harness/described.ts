import { readFileSync } from 'node:fs';

import formats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';

import { closed } from './closed.ts';
import { note } from './evidence.ts';

/** A request and its answer, as they went over the wire. */
export type Exchange = {
  method: string;
  url: string;
  /** What was sent, if it was JSON. */
  sent?: unknown;
  status: number;
  headers: Headers;
  text: string;
};

type Ref = { $ref: string };
type Media = { content?: Record<string, { schema: object }> };
type Response = Media & { headers?: Record<string, Ref> };
type Operation = {
  operationId: string;
  requestBody?: Media;
  responses: Record<string, Response | Ref>;
};
type Document = { paths: Record<string, Record<string, Operation>>; components: object };

/** The answers of the API are described by the document that it publishes, so that is what they are held to. */
const document = closed(
  JSON.parse(readFileSync(new URL('../../api/openapi.json', import.meta.url), 'utf8')),
) as Document;

const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
formats.default(ajv);
// References lead into the document, which is no schema itself.
ajv.addVocabulary(['components']);
ajv.addSchema({ $id: 'openapi', components: document.components });

/** Headers that say something only where they are described. */
const TELLING = ['etag', 'idempotent-replayed', 'retry-after', 'www-authenticate'];

/** Holds an answer of the API to its description, and notes that it was given. */
export function meet(exchange: Exchange): void {
  expectDescribed(exchange);
  const operation = operationOf(exchange);
  if (operation) note(`answer ${operation.operationId} ${exchange.status}`);
}

/**
 * Throws when api/openapi.json does not describe such an answer: its status, its headers, its type, and its body
 * with every field that is in it. Of a request that was accepted the body must be as described, too.
 */
export function expectDescribed(exchange: Exchange): void {
  const found = operationOf(exchange);
  const faults = found ? faultsOf(found, exchange) : elsewhere(exchange);
  if (faults.length === 0) return;
  const { method, url, status, text } = exchange;
  const what = `${method} ${url} answered ${status} ${text.slice(0, 500)}`;
  throw new Error(`${what}\nwhich api/openapi.json does not describe: ${faults.join('; ')}`);
}

function operationOf({ method, url }: Exchange): Operation | undefined {
  const { pathname } = new URL(url);
  // Several may fit: `PATCH …/direct/me` is one of `…/{conversationId}/me`, since `…/direct/{userId}` has no such method.
  const fitting = TEMPLATES.filter(({ pattern }) => pattern.test(pathname));
  return fitting.map(({ methods }) => methods[method.toLowerCase()]).find((found) => found);
}

/** Those with fewer parameters first: `…/direct/{userId}` comes before `…/{conversationId}/members`. */
const TEMPLATES = Object.entries(document.paths)
  .map(([path, methods]) => ({
    parameters: path.split('{').length,
    pattern: new RegExp(
      `^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`,
    ),
    methods,
  }))
  .toSorted((one, other) => one.parameters - other.parameters);

function faultsOf(operation: Operation, exchange: Exchange): string[] {
  const said = operation.responses[exchange.status];
  if (said === undefined) return [`no such status of ${operation.operationId}`];
  const response = '$ref' in said ? (at(said.$ref) as Response) : said;
  const request = exchange.status < 300 ? operation.requestBody : undefined;
  return [
    ...headerFaults(response, exchange.headers),
    ...bodyFaults(response, exchange),
    ...(request ? invalid(request.content!['application/json']!.schema, exchange.sent) : []),
  ];
}

function headerFaults({ headers = {} }: Response, present: Headers): string[] {
  const described = Object.entries(headers).flatMap(([name, { $ref }]) =>
    invalid((at($ref) as { schema: object }).schema, present.get(name) ?? undefined).map(
      (fault) => `${name} ${fault}`,
    ),
  );
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const undescribed = TELLING.filter((name) => present.has(name) && !names.has(name));
  return [...described, ...undescribed.map((name) => `${name} is not described`)];
}

function bodyFaults({ content }: Response, { headers, text }: Exchange): string[] {
  if (content === undefined) return text === '' ? [] : ['it has no body'];
  const type = mediaType(headers);
  const media = content[type];
  if (media === undefined) return [`its type is not ${type}`];
  return invalid(media.schema, type.endsWith('json') ? JSON.parse(text) : text);
}

/**
 * What the document leaves out: pages for people, the browser's question before a request of another origin, and
 * paths and methods that do not exist.
 */
function elsewhere({ method, url, status, headers, text }: Exchange): string[] {
  const isV1 = /^\/v1(\/|$)/i.test(new URL(url).pathname);
  if (!isV1 && mediaType(headers) === 'text/html') return [];
  if (method === 'OPTIONS' && status === 204 && text === '') return [];
  if (mediaType(headers) !== 'application/problem+json') return ['there is no such route'];
  const problem = JSON.parse(text) as { code?: string };
  const isKnown = problem.code === 'no_such_route' && status === 404;
  // Who calls is asked before where to.
  const isBefore = isV1 && (status === 401 || status === 503);
  return [
    ...invalid({ $ref: '#/components/schemas/Problem' }, problem),
    ...(isKnown || isBefore ? [] : ['there is no such route']),
  ];
}

function mediaType(headers: Headers): string {
  return (headers.get('content-type') ?? '').split(';')[0]!.trim();
}

const validators = new Map<object, ReturnType<typeof ajv.compile>>();

function invalid(schema: object, value: unknown): string[] {
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
  const validate = validators.get(schema) ?? ajv.compile(absolute);
  validators.set(schema, validate);
  if (value === undefined) return ['is missing'];
  return validate(value) ? [] : [ajv.errorsText(validate.errors, { dataVar: '' })];
}

function at(ref: string): unknown {
  let place: unknown = document;
  for (const step of ref.split('/').slice(1)) place = (place as Record<string, unknown>)[step];
  return place;
}
