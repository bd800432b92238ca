import { ConfigError } from '../core/config.ts';
import { openSql } from '../core/db/open-sql.ts';
import { describeError } from '../core/log.ts';
import type { Result } from './command.ts';
import { readConfig } from './config.ts';
import type { OpsConfig } from './config.ts';
import { helpOn } from './help.ts';
import { readArguments } from './read-arguments.ts';
import type { Asked } from './read-arguments.ts';
import { UsageError } from './usage-error.ts';

const out = (text: string) => void process.stdout.write(`${text.trimEnd()}\n`);
const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Runs one command: results on standard output, all else on standard error. Gives the exit code. */
export async function runOps(argv: readonly string[]): Promise<number> {
  try {
    const asked = readArguments(argv);
    if ('help' in asked) {
      out(helpOn(asked.help));
      return 0;
    }
    const { code, data, text } = await carryOut(asked, readConfig());
    out(asked.json ? JSON.stringify(data, null, 2) : text);
    return code;
  } catch (error) {
    if (error instanceof UsageError || error instanceof ConfigError) {
      say(error.message);
      say('--help explains the commands');
      return 2;
    }
    say(describeError(error).message);
    return 1;
  }
}

async function carryOut(
  { prepared, operator: given, reason }: Exclude<Asked, { help: unknown }>,
  config: OpsConfig,
): Promise<Result> {
  const operator = given ?? config.OPERATOR;
  if (operator === undefined && prepared.changes)
    throw new UsageError('say who acts with --as NAME');
  const database = openSql({
    url: config.DATABASE_URL,
    applicationName: 'rov ops',
    maxConnections: 2,
  });
  const shards = new Set<number>();
  try {
    return await prepared.run({
      sql: database.sql,
      deed: { operator: operator ?? '', reason },
      ring: (shard) => shards.add(shard),
      say,
    });
  } finally {
    await database.close();
    await ring(shards, config);
  }
}

async function ring(shards: ReadonlySet<number>, config: OpsConfig): Promise<void> {
  if (shards.size === 0 || config.REDIS_URL === undefined) return;
  // BullMQ takes longer to load than most commands take: it comes when it is needed.
  const { ringOnce } = await import('../core/queue/ring-once.ts');
  const heard = await ringOnce(shards, { url: config.REDIS_URL, prefix: config.QUEUE_PREFIX });
  if (!heard)
    say('Redis did not take the ring of the doorbell: the sweeper delivers, a moment later');
}
