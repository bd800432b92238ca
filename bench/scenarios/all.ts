import type { Context } from '../context.ts';
import { catchUp } from './catch-up.ts';
import { fairness } from './fairness.ts';
import { fanOut } from './fan-out.ts';
import { heldSnapshot } from './held-snapshot.ts';
import type { ScenarioName } from './names.ts';
import { pipeline } from './pipeline.ts';
import { post } from './post.ts';

export const MEASURES: Record<ScenarioName, (context: Context) => Promise<void>> = {
  'catch-up': catchUp,
  pipeline,
  post,
  'fan-out': fanOut,
  'held-snapshot': heldSnapshot,
  fairness,
};
