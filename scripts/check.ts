/** `npm run check`: the static part of the tests. Exit code 1 when a step failed. */
import { runCheckSteps } from './check-steps.ts';
import { endOnSignals } from './run-step.ts';
import { closingLine } from './tally.ts';

endOnSignals();
const tally = await runCheckSteps();
console.log(closingLine(tally));
if (tally.failed > 0) process.exitCode = 1;
