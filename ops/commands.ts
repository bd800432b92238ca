import type { Command } from './command.ts';
import { ban, signOut, unban } from './commands/access.ts';
import { actions } from './commands/actions.ts';
import { audit } from './commands/audit.ts';
import { deadList } from './commands/dead-list.ts';
import { deadShow } from './commands/dead-show.ts';
import { dismiss } from './commands/dismiss.ts';
import { pause, resume } from './commands/pause.ts';
import { redrive } from './commands/redrive.ts';
import { restored } from './commands/restored.ts';
import { resync } from './commands/resync.ts';
import { status } from './commands/status.ts';
import { trace } from './commands/trace.ts';

/** In the order in which they are explained. */
export const COMMANDS: readonly Command[] = [
  ...[status, trace, deadList, deadShow, redrive, dismiss, resync],
  ...[pause, resume, restored, ban, unban, signOut, actions, audit],
];
