interface QuestionsOptions<Answer> {
  /** Rejects to be asked again later. */
  ask: (ids: readonly string[]) => Promise<Answer>;
  /** Called when the ids are no longer open. */
  onAnswer: (answer: Answer) => void;
  report: (error: unknown) => void;
}

const GATHER_MS = 10;
const RETRY_MS = 5_000;
const IDS_PER_REQUEST = 100;

/** Ids to ask a server about: those of one moment become one request, one request at a time. */
export function createQuestions<Answer>({ ask, onAnswer, report }: QuestionsOptions<Answer>) {
  const open = new Set<string>();
  const asked = new Set<string>();
  let allowed = false;
  let next: ReturnType<typeof setTimeout> | undefined;

  function soon(delayMs: number) {
    if (allowed && open.size > 0) next ??= setTimeout(() => void askNow(), delayMs);
  }

  async function askNow() {
    const ids = Array.from(open).slice(0, IDS_PER_REQUEST);
    for (const id of ids) {
      open.delete(id);
      asked.add(id);
    }
    const outcome = await ask(ids).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    const failed = 'error' in outcome;
    for (const id of ids) {
      asked.delete(id);
      if (failed) open.add(id);
    }
    next = undefined;
    if (failed) report(outcome.error);
    else onAnswer(outcome.answer);
    soon(failed ? RETRY_MS : 0);
  }

  return {
    add: (ids: Iterable<string>) => {
      for (const id of ids) open.add(id);
      soon(GATHER_MS);
    },
    allow: (now: boolean) => {
      allowed = now;
      soon(GATHER_MS);
    },
    /** Whether the id waits for its answer. */
    isOpen: (id: string) => open.has(id) || asked.has(id),
  };
}
