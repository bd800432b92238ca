import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

/** Below those that systems give to outgoing connections: no such one takes the port of a server that is down for a moment. */
const SERVER_PORTS = { from: 10_000, below: 32_000 };

/**
 * A TCP port on 127.0.0.1 that is free, and that no process is given here as long as this one lives, be its server down or
 * not up yet. Somebody else may take it: whoever binds it tries again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(SERVER_PORTS.from, SERVER_PORTS.below);
    if ((await claim(port)) && (await isFree(port))) return port;
  }
}

/** By the UDP port of the same number, which nobody here needs, and which the system takes back when a process ends. */
function claim(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}

/** Starts a server on the port that was asked for, or on a free one, and on another when somebody was faster. */
export async function onSomePort<T>(
  wanted: number | undefined,
  start: (port: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(wanted ?? (await freePort()));
    } catch (error) {
      const taken = /in use|EADDRINUSE|already allocated/.test(String(error));
      if (wanted !== undefined || attempt === 5 || !taken) throw error;
    }
  }
}

/** The first free port from `preferred` upwards that is none of `avoid`. */
export async function portFrom(preferred: number, avoid: ReadonlySet<number>): Promise<number> {
  for (let port = preferred; port < preferred + 200 && port < 65_536; port += 1) {
    if (!avoid.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port between ${preferred} and ${preferred + 200}`);
}

/** The port that somebody asked for in a variable: that one or an error which names it. */
export async function portSetByHand(wish: {
  variable: string;
  value: string;
  avoid: ReadonlySet<number>;
}): Promise<number> {
  const { variable, value, avoid } = wish;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${variable}=${value} is not a port`);
  }
  if (avoid.has(port) || !(await isFree(port))) {
    throw new Error(`${variable} asks for port ${port}, and that port is busy`);
  }
  return port;
}

/** Whether nobody listens on the port: on macOS a server on all addresses would not stop us from binding 127.0.0.1. */
async function isFree(port: number): Promise<boolean> {
  return !(await answers({ host: '127.0.0.1', port, timeoutMs: 500 })) && (await canBind(port));
}

/** Whether something accepts TCP connections there. */
export function answers(to: { host: string; port: number; timeoutMs: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: to.host, port: to.port, timeout: to.timeoutMs });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
