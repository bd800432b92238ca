import type { Problem } from '../../contract/index.ts';
import type { Trouble } from '../state/chat-state.ts';

/** The server's refusal, or no answer at all (`status` 0, `code` `unreachable`). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  /** From `Retry-After`, when the server named a time. */
  readonly retryAfterMs: number | null;

  constructor(facts: {
    status: number;
    code: string;
    message: string;
    retryAfterMs?: number | null;
    cause?: unknown;
  }) {
    super(facts.message, { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

/** Whether the same request may succeed later without anybody changing it. */
export function isPassing({ status }: Pick<Trouble, 'status'>): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** Full jitter below a bound that doubles from 1 s to 15 s, or what the server asked for. */
export function retryDelayMs(
  problem: ApiProblem,
  { attempts, random }: { attempts: number; random: () => number },
): number {
  if (problem.retryAfterMs !== null) return problem.retryAfterMs;
  const bound = Math.min(15_000, 1000 * 2 ** Math.min(attempts, 10));
  return 250 + random() * (bound - 250);
}

/** Whatever was thrown, as a problem with words for the user. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem({
    status: 0,
    code: 'unreachable',
    message: 'The server cannot be reached.',
    cause: error,
  });
}

/** For a request to which it is an answer that there is no such thing. */
export function nullWhere404(error: unknown): null {
  if (asProblem(error).status === 404) return null;
  throw error;
}

/** Reads an answer that is not ok. A body that is no problem document leaves the status alone to tell. */
export async function problemFrom(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const problem = isProblem(body) ? body : null;
  return new ApiProblem({
    status: response.status,
    code: problem?.code ?? `http_${response.status}`,
    message: problem?.detail ?? problem?.title ?? `The server answered ${response.status}.`,
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
  });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body;
}

function retryAfterMs(header: string | null): number | null {
  const seconds = Number(header);
  return header === null || !Number.isFinite(seconds) ? null : seconds * 1000;
}

/** The same as a plain value, for the state. */
export function troubleIn({ status, code, message }: ApiProblem): Trouble {
  return { status, code, message };
}
