import type { Engine, Occurrence } from '../schedule.ts';
import type { Dossier } from '../verdict/dossier.ts';
import type { Finding } from '../verdict/verdict.ts';
import type { Moment } from './timeline.ts';

/** One fault as it went. Times are ms from the beginning of the load. */
export type FaultReport = {
  fault: string;
  plannedAtMs: number;
  fromMs: number;
  toMs: number;
  /** How often it really struck; 0 makes the run void, unless another fault was in its way and it struck another time. */
  struck: number;
  evidence: string;
  error?: string;
  /** Messages that were acknowledged while it lasted. */
  acknowledged: number;
  /** From its end until every page showed what had been acknowledged before; null when one never did. */
  recoveryMs: number | null;
};

export type Findings = { count: number; shown: Finding[] };

export type Report = {
  /** How to run the same again. */
  command: string;
  seed: number;
  seconds: number;
  sendsPerSecond: number;
  engine: Engine;
  /** Which Centrifugo: the official program or the stand-in. */
  centrifugo: string;
  /** The deliberately wrong part that was on trial, if any. */
  broken: string | null;
  startedAt: string;
  schedule: { occurrences: readonly Occurrence[]; leftOut: readonly string[] };
  faults: FaultReport[];
  /** Requests by verb and outcome. */
  requests: Record<string, { acknowledged: number; refused: number; unanswered: number }>;
  /** What went wrong with requests on the way, with how often. */
  problems: Record<string, number>;
  messages: {
    acknowledged: number;
    /** Times that a page showed one of them. */
    delivered: number;
    lost: number;
    duplicated: number;
    reordered: number;
  };
  findings: { lost: Findings; duplicated: Findings; reordered: Findings };
  /** Looked wrong on the wire, and a fault explains it. */
  excused: { duplicated: number; reordered: number };
  /** What had not come to rest in time, and publications in another shape than the contract’s. */
  stuck: string[];
  malformed: string[];
  /** Faults that need a process which is not to be signalled from here: containers. */
  outOfReach: string[];
  /** Why the run shows nothing: faults that struck nothing, or could not. */
  void: string[];
  /** From the acknowledgement to the page, in ms. */
  lagMs: { p50: number; p99: number; max: number };
  /** How late the process of the run itself was at the worst: above a second it had too little of the machine. */
  ownDelayMs: number;
  reloads: number;
  /** How long it took until all was quiet after the end of the load. */
  quietAfterMs: number;
  timeline: Moment[];
  /** All that is known of conversations that findings name. */
  dossiers: Dossier[];
};

/** 0: everything was heard once and in order. 1: it was not. 2: the run shows nothing. */
export function exitCodeOf(
  report: Pick<Report, 'findings' | 'stuck' | 'malformed' | 'void'>,
): 0 | 1 | 2 {
  const { lost, duplicated, reordered } = report.findings;
  const found = lost.count + duplicated.count + reordered.count;
  if (found + report.stuck.length + report.malformed.length > 0) return 1;
  return report.void.length > 0 ? 2 : 0;
}

const SHOWN = 60;

export function cut(findings: readonly Finding[]): Findings {
  return { count: findings.length, shown: findings.slice(0, SHOWN) };
}
