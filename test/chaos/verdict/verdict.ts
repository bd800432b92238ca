import { judge } from '../../harness/verdict.ts';
import type { Audit } from '../../reliability/audit.ts';
import type { SendDeed } from '../load/ledger.ts';
import { judgeLists } from './lists.ts';
import { judgePointers } from './pointers.ts';
import { judgeSignOuts } from './sign-outs.ts';
import { judgeStates } from './states.ts';
import type { Case } from './testimony.ts';
import { judgeWire } from './wire.ts';

/** Of a finding, who says so and what. */
export type Finding = { witness: 'eyes' | 'wire' | 'lists' | 'rest' | 'tables'; what: string };

/** Empty lists when everything that was acknowledged was heard once and in order. */
export type Verdict = {
  lost: Finding[];
  duplicated: Finding[];
  reordered: Finding[];
  /** What looked wrong on the wire and a fault explains; pages merge it away. */
  excused: { duplicated: number; reordered: number };
};

/**
 * Compares what was acknowledged with what was seen, heard and stored. Pure. A send that got no answer counts as
 * nothing or as one: it is not missed, and it must not be there twice.
 */
export function reachVerdict(given: Case & { audit: Audit }): Verdict {
  const { deeds, pages, audit } = given;
  const acknowledged = deeds.filter(
    (deed): deed is SendDeed => deed.verb === 'send' && deed.outcome === 'acknowledged',
  );
  const eyes = judge(acknowledged, pages);
  const wire = judgeWire(given);
  return {
    lost: [
      ...by('eyes', [...eyes.lost, ...judgeStates(given)]),
      ...by('wire', wire.unheard),
      ...by('lists', judgeLists(given)),
      ...by('rest', [...judgePointers(given), ...judgeSignOuts(given)]),
      ...by('tables', [
        ...audit.notStored.map((what) => `not stored: ${what}`),
        ...audit.holes.map((what) => `a hole: ${what}`),
        ...audit.vanished.map((what) => `no table knows event ${what}`),
        ...(audit.dead > 0 ? [`${audit.dead} dead letters`] : []),
      ]),
    ],
    duplicated: [
      ...by('eyes', eyes.shownTwice),
      ...by('wire', wire.repeated),
      ...by('tables', [
        ...audit.storedTwice.map((what) => `stored twice: ${what}`),
        ...audit.settledTwice.map((what) => `settled twice: event ${what}`),
      ]),
    ],
    reordered: [...by('eyes', eyes.outOfOrder), ...by('wire', wire.overtaken)],
    excused: { duplicated: wire.excused.repeated, reordered: wire.excused.overtaken },
  };
}

function by(witness: Finding['witness'], findings: readonly string[]): Finding[] {
  return findings.map((what) => ({ witness, what }));
}
