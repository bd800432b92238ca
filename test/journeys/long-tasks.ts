import type { Browser, Page } from 'playwright';
import * as z from 'zod';

const Trace = z.object({
  traceEvents: z.array(z.object({ name: z.string(), tdur: z.number().optional() })),
});

/**
 * What held up a page, over 50 ms each time, while something was done with it: in ms that its own thread worked, because
 * on a busy machine every task takes longer.
 */
export async function longTasks(
  { browser, page }: { browser: Browser; page: Page },
  work: () => Promise<void>,
): Promise<number[]> {
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  await work();
  const trace = (await browser.stopTracing()).toString();
  const { traceEvents } = Trace.parse(JSON.parse(trace));
  const tasks = traceEvents.filter(({ name }) => name === 'RunTask');
  if (tasks.length === 0) throw new Error('the trace has no tasks');
  return tasks.map(({ tdur = 0 }) => tdur / 1_000).filter((ms) => ms > 50);
}
