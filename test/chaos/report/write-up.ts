import { percentile } from '../../harness/percentile.ts';
import type { Field } from '../faults/fault.ts';
import type { Ledger, SendDeed } from '../load/ledger.ts';
import { occurrencesOf } from '../schedule.ts';
import type { Schedule } from '../schedule.ts';
import type { Strike } from '../strike-all.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Sample } from '../watch-outbox.ts';
import { cut } from './report.ts';
import type { FaultReport, Report } from './report.ts';
import { lagOf, recoveryOf, timelineOf } from './timeline.ts';
import type { Delivery } from './timeline.ts';
import { whyVoid, wordsFor } from './why-void.ts';

export type Run = {
  command: string;
  seed: number;
  seconds: number;
  sendsPerSecond: number;
  broken: string | null;
  startedAt: Date;
  schedule: Schedule;
  /** The load, from its first request to its last. Times are `performance.now()`. */
  began: number;
  ended: number;
  quietAt: number;
  strikes: readonly Strike[];
  ledger: Ledger;
  samples: readonly Sample[];
  verdict: Verdict;
  stuck: readonly string[];
  malformed: readonly string[];
  ownDelayMs: number;
  dossiers: Report['dossiers'];
};

export function writeUp(run: Run, field: Pick<Field, 'stack' | 'engine' | 'cast'>): Report {
  const { began, ledger, verdict, strikes, schedule } = run;
  const sends = ledger.deeds.filter(
    (deed): deed is SendDeed => deed.verb === 'send' && deed.outcome === 'acknowledged',
  );
  const deliveries = deliveriesOf(sends, field);
  const neverShown = neverShownOf(sends, field);
  const lags = deliveries.map(lagOf);
  const { lost, duplicated, reordered } = verdict;
  return {
    command: run.command,
    seed: run.seed,
    seconds: run.seconds,
    sendsPerSecond: run.sendsPerSecond,
    engine: field.engine,
    centrifugo: field.stack.centrifugo.tier,
    broken: run.broken,
    startedAt: run.startedAt.toISOString(),
    schedule: { occurrences: occurrencesOf(schedule), leftOut: schedule.leftOut },
    faults: strikes.map((strike) =>
      faultReportOf(strike, { began, sends, deliveries, neverShown }),
    ),
    requests: requestsOf(ledger),
    problems: Object.fromEntries(ledger.problems),
    messages: {
      acknowledged: sends.length,
      delivered: deliveries.length,
      lost: lost.length,
      duplicated: duplicated.length,
      reordered: reordered.length,
    },
    findings: { lost: cut(lost), duplicated: cut(duplicated), reordered: cut(reordered) },
    excused: verdict.excused,
    stuck: [...run.stuck],
    malformed: [...run.malformed],
    outOfReach: strikes.filter(({ isOutOfReach }) => isOutOfReach).map(wordsFor),
    void: whyVoid(strikes),
    lagMs: { p50: percentile(lags, 50), p99: percentile(lags, 99), max: percentile(lags, 100) },
    ownDelayMs: run.ownDelayMs,
    reloads: field.cast.clients.reduce((sum, { recorder }) => sum + recorder.reloads.length, 0),
    quietAfterMs: Math.round(run.quietAt - run.ended),
    timeline: timelineOf({
      began,
      ended: run.quietAt,
      acknowledgedAt: sends.map(({ answeredAt }) => answeredAt),
      deliveries,
      samples: run.samples,
    }),
    dossiers: run.dossiers,
  };
}

function deliveriesOf(sends: readonly SendDeed[], { cast }: Pick<Field, 'cast'>): Delivery[] {
  const answeredAt = new Map(sends.map(({ clientId, answeredAt }) => [clientId, answeredAt]));
  return cast.clients.flatMap(({ recorder }) =>
    recorder.conversations.flatMap((id) =>
      recorder.shown(id).flatMap(({ clientId, shownAt }) => {
        const acknowledgedAt = answeredAt.get(clientId);
        return acknowledgedAt === undefined ? [] : [{ acknowledgedAt, shownAt }];
      }),
    ),
  );
}

/** Acknowledged, and some page that looks at its conversation has not shown it. */
function neverShownOf(sends: readonly SendDeed[], { cast }: Pick<Field, 'cast'>): SendDeed[] {
  return cast.clients.flatMap(({ recorder }) =>
    recorder.conversations.flatMap((id) => {
      const shown = new Set(recorder.shown(id).map(({ clientId }) => clientId));
      return sends.filter((send) => send.conversationId === id && !shown.has(send.clientId));
    }),
  );
}

function faultReportOf(
  strike: Strike,
  run: {
    began: number;
    sends: readonly SendDeed[];
    deliveries: readonly Delivery[];
    neverShown: readonly SendDeed[];
  },
): FaultReport {
  const { fault, plannedAtMs, from, to, struck, words, error } = strike;
  const isWithin = ({ answeredAt }: SendDeed): boolean => answeredAt >= from && answeredAt < to;
  return {
    fault,
    plannedAtMs,
    fromMs: Math.round(from - run.began),
    toMs: Math.round(to - run.began),
    struck,
    evidence: words,
    ...(error !== undefined && { error }),
    acknowledged: run.sends.filter(isWithin).length,
    recoveryMs: run.neverShown.some(isWithin) ? null : recoveryOf(strike, run.deliveries),
  };
}

function requestsOf({ deeds }: Ledger): Report['requests'] {
  const requests: Report['requests'] = {};
  for (const { verb, outcome } of deeds) {
    requests[verb] ??= { acknowledged: 0, refused: 0, unanswered: 0 };
    requests[verb][outcome] += 1;
  }
  return requests;
}
