/**
 * Centrifugo answered, and its answer to one command was an error. Codes that matter to a publisher:
 * 100 internal (ambiguous: the engine may have stored the publication), 102 unknown namespace,
 * 104 method not found, 107 bad request, 108 not available in this namespace, 112 unrecoverable position.
 *
 * @example
 * if (!outcome.ok && outcome.error.code === 107) deadLetter(row, outcome.error.message);
 */
export class CentrifugoCommandError extends Error {
  override readonly name = 'CentrifugoCommandError';
  readonly code: number;

  constructor({ code, message }: { code: number; message: string }) {
    super(message);
    this.code = code;
  }
}

/**
 * A command that must not be sent, because one wrongly typed field makes Centrifugo refuse the whole
 * batch and run nothing of it. Nothing was sent; `index` names the command, so that its neighbours
 * can go without it.
 *
 * @example
 * if (error instanceof InvalidCommandError) commands.splice(error.index, 1);
 */
export class InvalidCommandError extends RangeError {
  override readonly name = 'InvalidCommandError';
  readonly index: number;
  readonly field: string;

  constructor({ index, field, expected }: { index: number; field: string; expected: string }) {
    super(`commands[${index}].${field} must be ${expected}`);
    this.index = index;
    this.field = field;
  }
}
