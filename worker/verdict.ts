import {
  CentrifugoTransportError,
  InvalidCommandError,
  type CentrifugoCommandError,
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

/** A row's place in order, and what became of its commands, one by one. */
export type Answered = {
  /** The conversation, for a row that is numbered there. */
  numberedIn: string | null;
  /** To whom each command is broadcast; what is no broadcast has nobody. */
  listeners: readonly (readonly string[])[];
  outcomes: readonly CommandOutcome[];
  /** Why Centrifugo would not even read a request with this row alone. */
  refused?: string | undefined;
};

/**
 * Of the rows of one page, in their order. What a row is told by its own commands comes first; the positions of all
 * of them together then show which were overtaken: Centrifugo answers a version that it drops with the top of the
 * channel, so a row that does not stand before all later ones came behind one of them.
 */
export function verdictsOnPage(rows: readonly Answered[]): Verdict[] {
  const verdicts = rows.map(verdictOnRow);
  const leastBehind = new Map<string, number>();
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const { numberedIn } = rows[at]!;
    const verdict = verdicts[at]!;
    if (numberedIn === null || verdict.kind !== 'delivered') continue;
    const { offset, epoch } = verdict.position ?? {};
    if (offset === undefined) continue;
    const stream = `${numberedIn} ${epoch}`;
    const behind = leastBehind.get(stream) ?? Infinity;
    if (offset >= behind) verdicts[at] = { kind: 'overtaken', position: verdict.position! };
    leastBehind.set(stream, Math.min(offset, behind));
  }
  return verdicts;
}

/** From the outcomes of its commands: the worst one counts. */
function verdictOnRow({ listeners, outcomes, refused }: Answered): Verdict {
  if (refused !== undefined) return { kind: 'poison', reason: refused };
  let position: PublishResult | undefined;
  let heard = 0;
  const faults: Verdict[] = [];
  const bad: { user: string; fault: Poison }[] = [];
  for (const [at, outcome] of outcomes.entries()) {
    if (!outcome.ok) faults.push(verdictOnError(outcome.error));
    else if (outcome.method === 'publish') position = outcome.result;
    else if (outcome.method === 'broadcast') {
      for (const [which, one] of outcome.result.responses.entries()) {
        if (one.ok) heard += 1;
        else {
          const fault = verdictOnError(one.error);
          if (fault.kind === 'poison') bad.push({ user: listeners[at]![which]!, fault });
          else faults.push(fault);
        }
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

export function isOutage(error: CentrifugoCommandError): boolean {
  return verdictOnError(error).kind === 'outage';
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
