import type { ProblemCode } from './problem-codes.ts';

export type FieldError = { path: string; message: string };

type RefusalFacts = {
  /** One sentence for the developer of a client. Goes out, so never with what somebody else wrote. */
  detail?: string;
  errors?: FieldError[];
  /** Where it is not the same every time for this code. */
  retryAfterSeconds?: number;
  cause?: unknown;
};

/** Why a request is not done. Thrown anywhere, answered in one place (problem.ts). */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, facts: RefusalFacts = {}) {
    const { detail, errors, cause } = facts;
    super(detail ?? code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}
