import * as z from 'zod';

const MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2h` ago (s, m, h, d), or an ISO 8601 time with its zone, or a day, which begins at midnight UTC. */
export const moment = z.string().transform((text, context): Date => {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(Date.now() - Number(count) * (MS[unit] ?? 0));
  const isTime = z.iso.datetime({ offset: true }).or(z.iso.date()).safeParse(text).success;
  if (isTime) return new Date(text);
  context.addIssue(
    'is no time: say 30m, 2h or 7d ago, 2026-01-31, or 2026-01-31T10:00:00Z with its zone',
  );
  return z.NEVER;
});
