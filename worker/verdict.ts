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
 * - `delivered`: leaves the outbox.
 * - `outage`: waits, burns no attempts. `ambiguous`: the engine may have stored it and told nobody.
 * - `configuration`: waits and alarms; goes on by itself once mended.
 * - `poison`: the row itself is bad.
 */
export type Verdict =
  | { kind: 'delivered'; position?: PublishResult | undefined }
  | { kind: 'outage'; reason: string; ambiguous: boolean }
  | { kind: 'configuration'; reason: string }
  | { kind: 'poison'; reason: string; code?: number | undefined };

/** Of one row, from the outcomes of its commands: the worst one counts. */
export function verdictOnRow(outcomes: readonly CommandOutcome[]): Verdict {
  let position: PublishResult | undefined;
  const faults: Verdict[] = [];
  for (const outcome of outcomes) {
    if (!outcome.ok) faults.push(verdictOnError(outcome.error));
    else if (outcome.method === 'publish') position = outcome.result;
    else if (outcome.method === 'broadcast') {
      for (const one of outcome.result.responses)
        if (!one.ok) faults.push(verdictOnError(one.error));
    }
  }
  return worst(faults) ?? { kind: 'delivered', position };
}

/** What can be mended from outside comes before what condemns the row. */
function worst(faults: readonly Verdict[]): Verdict | undefined {
  return (
    faults.find((fault) => fault.kind === 'outage') ??
    faults.find((fault) => fault.kind === 'configuration') ??
    faults[0]
  );
}

function verdictOnError({ code, message }: CentrifugoCommandError): Verdict {
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

/** Of a whole request without a usable answer. `refused`: something in it is bad, nothing was run. */
export type PageVerdict =
  | Exclude<Verdict, { kind: 'delivered' | 'poison' }>
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
