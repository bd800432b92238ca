/** `npm run ops -- COMMAND`: what operators do about delivery. `--help` lists the commands. */
import { runOps } from './ops/run.ts';

process.exitCode = await runOps(process.argv.slice(2));
