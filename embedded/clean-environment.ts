const KEPT = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'USER', 'SYSTEMROOT'];

/**
 * The environment for a server that we start: what every program needs, and what the caller adds. Centrifugo
 * reads every `CENTRIFUGO_*` variable and libpq every `PG*` one, so nothing else of the shell's may get in.
 */
export function cleanEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const kept = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C', ...extra };
}
