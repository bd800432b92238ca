/**
 * `npm test`: the checks, the stand-in's Go tests and every vitest project, then one line with the figures of all.
 * With arguments (`npm test -- --project unit`) vitest alone runs, with those arguments.
 */
import { runCheckSteps } from './check-steps.ts';
import { ensureChromium } from './ensure-chromium.ts';
import { runGoTests } from './go-tests.ts';
import { endOnSignals, runStep } from './run-step.ts';
import { closingLine, sum } from './tally.ts';
import type { Tally } from './tally.ts';
import { runVitest } from './vitest-run.ts';

endOnSignals();
const args = process.argv.slice(2);
if (args.length > 0) {
  const { code } = await runStep(['vitest', 'run', ...args], { inherit: true });
  process.exitCode = code;
} else {
  const tally = sum([
    await runCheckSteps(),
    await runGoTests(),
    await chromiumTally(),
    await runVitest(),
  ]);
  process.exitCode = tally.failed > 0 ? 1 : 0;
  console.log(`\n${closingLine(tally)}`);
}

/** The browser projects are one skipped test where no Chromium can be had, and a failed one in continuous integration. */
async function chromiumTally(): Promise<Tally> {
  const chromium = await ensureChromium();
  if (chromium) return { passed: 0, failed: 0, skipped: 0 };
  const required = Boolean(process.env['CI']);
  console.log(
    `${required ? 'FAIL' : 'SKIP'} chromium     journeys and component tests do NOT run: ` +
      'install chromium or set CHROMIUM_BIN',
  );
  return { passed: 0, failed: required ? 1 : 0, skipped: required ? 0 : 1 };
}
