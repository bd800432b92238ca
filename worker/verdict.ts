import {
  CentrifugoCommandError,
  CentrifugoTransportError,
  InvalidCommandError,
  type CommandOutcome,
  type PublishResult,
} from '@rov/realtime/server';

/**
 * What an answer of Centrifugo means for a row.
 *
 * - `delivered`: leaves the outbox. `unreached`: some of its audience cannot be reached, and the rest heard it.
 * - `overtaken`: acknowledged, and dropped: a later row of its conversation was there before.
 * - `outage`: waits, burns no attempts. `ambiguous`: the engine may have stored it and told nobody.
 * - `configuration`: waits and alarms; goes on by itself once mended.
 * - `poison`: the row itself is bad.
 */
export type Verdict =
  | { kind: 'delivered'; position?: PublishResult | undefined; unreached?: Unreached | undefined }
  | { kind: 'overtaken'; position: PublishResult }
  | { kind: 'outage'; reason: string; ambiguous: boolean }
  | { kind: 'configuration'; reason: string }
  | Poison;

type Poison = { kind: 'poison'; reason: string; code?: number | undefined };

export type Unreached = { users: string[]; reason: string; code?: number | undefined };

/** A row's place in order, and what became of its announcements, one by one. */
export type Answered = {
  /** The conversation, for a row that is numbered there. */
  numberedIn: string | null;
  /** `listeners` are those of a broadcast, in the order of its responses. */
  answers: readonly { listeners: readonly string[]; outcome: CommandOutcome | undefined }[];
  /** Why Centrifugo would not even read a request with this row alone. */
  refused?: string | undefined;
};

/**
 * Of the rows of one page, in their order. What a row is told by its own commands comes first; the positions of all
 * of them together then show which were overtaken: Centrifugo answers a version that it drops with the top of the
 * channel, so a row that does not stand before all later ones came behind one of them.
 */
export function verdictsOnPage<Row extends Answered>(
  rows: readonly Row[],
): (Row & { verdict: Verdict })[] {
  const leastBehind = new Map<string, number>();
  const judge = (row: Row): Verdict => {
    const verdict = verdictOnRow(row);
    if (row.numberedIn === null || verdict.kind !== 'delivered') return verdict;
    const { position } = verdict;
    if (position?.offset === undefined) return verdict;
    const stream = `${row.numberedIn} ${position.epoch}`;
    const behind = leastBehind.get(stream) ?? Infinity;
    leastBehind.set(stream, Math.min(position.offset, behind));
    return position.offset >= behind ? { kind: 'overtaken', position } : verdict;
  };
  const judged: (Row & { verdict: Verdict })[] = [];
  for (const row of rows.toReversed()) judged.push({ ...row, verdict: judge(row) });
  return judged.toReversed();
}

/** From the outcomes of its commands: the worst one counts. */
function verdictOnRow({ answers, refused }: Answered): Verdict {
  if (refused !== undefined) return { kind: 'poison', reason: refused };
  let position: PublishResult | undefined;
  let heard = 0;
  const faults: Verdict[] = [];
  const bad: { user: string; fault: Poison }[] = [];
  for (const { listeners, outcome } of answers) {
    if (!outcome) faults.push({ kind: 'outage', reason: 'no answer', ambiguous: true });
    else if (!outcome.ok) faults.push(verdictOnError(outcome.error));
    else if (outcome.method === 'publish') position = outcome.result;
    else if (outcome.method === 'broadcast') {
      const users = listeners.values();
      for (const one of outcome.result.responses) {
        const user = users.next().value ?? '';
        const fault = one.ok ? undefined : verdictOnError(one.error);
        if (!fault) heard += 1;
        else if (fault.kind === 'poison') bad.push({ user, fault });
        else faults.push(fault);
      }
    }
  }
  const [first] = bad;
  if (first && heard === 0) faults.push(first.fault);
  return (
    worst(faults) ?? {
      kind: 'delivered',
      position,
      unreached: first && {
        users: bad.map(({ user }) => user),
        reason: first.fault.reason,
        code: first.fault.code,
      },
    }
  );
}

/** What can be mended from outside comes before what condemns the row. */
function worst(faults: readonly Verdict[]): Verdict | undefined {
  return (
    faults.find((fault) => fault.kind === 'outage') ??
    faults.find((fault) => fault.kind === 'configuration') ??
    faults[0]
  );
}

function verdictOnError({
  code,
  message,
}: CentrifugoCommandError): Exclude<Verdict, { kind: 'delivered' | 'overtaken' }> {
  const reason = `${code}: ${message}`;
  switch (code) {
    case 100: // internal error: the engine may have stored it before it failed
      return { kind: 'outage', reason, ambiguous: true };
    case 111: // too many requests
      return { kind: 'outage', reason, ambiguous: false };
    case 107: // bad request
      return { kind: 'poison', reason, code };
    default:
      // 102 unknown channel, 108 not available and the like condemn a configuration, and a code
      // that nobody knows condemns nothing.
      return { kind: 'configuration', reason };
  }
}

export function isOutage(error: unknown): boolean {
  return error instanceof CentrifugoCommandError && verdictOnError(error).kind === 'outage';
}

/** Of a whole request without a usable answer. `refused`: something in it is bad, nothing was run. */
export type PageVerdict =
  | Extract<Verdict, { kind: 'outage' | 'configuration' }>
  | { kind: 'refused'; reason: string };

export function verdictOnFault(error: unknown): PageVerdict {
  if (error instanceof InvalidCommandError) return { kind: 'refused', reason: error.message };
  if (!(error instanceof CentrifugoTransportError)) throw error;
  const reason = describe(error);
  switch (error.code) {
    case 'unreachable':
      return { kind: 'outage', reason, ambiguous: false };
    case 'ambiguous':
    case 'unavailable':
    case 'aborted':
      return { kind: 'outage', reason, ambiguous: error.sent };
    case 'unauthorized':
    case 'not_found':
      return { kind: 'configuration', reason };
    case 'bad_request':
      return { kind: 'refused', reason };
    default:
      return error.code satisfies never;
  }
}

function describe(error: CentrifugoTransportError): string {
  const said = error.body?.trim();
  const status = error.status === undefined ? '' : ` ${error.status}`;
  return `${error.code}${status}: ${said !== undefined && said !== '' ? said : error.message}`;
}
