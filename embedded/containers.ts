import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';

import type {
  ContainerRuntimeClient,
  GenericContainer,
  StartedTestContainer,
} from 'testcontainers';

import { centrifugoEnvironment, CENTRIFUGO_CONFIG } from './centrifugo.ts';
import type { CentrifugoOptions } from './centrifugo.ts';
import { lastLines } from './last-lines.ts';
import { within } from './server-process.ts';
import type { Ending } from './server-process.ts';
import type { Server } from './server.ts';

/** The images that `docker-compose.yml` names as well. */
export const IMAGES = {
  postgres: 'postgres:18',
  redis: 'valkey/valkey:8',
  centrifugo: 'centrifugo/centrifugo:v6.9.1',
} as const;

/** A daemon at rest answers in 0.1 s; on a busy machine more than two seconds were seen. */
const DAEMON_ANSWERS_WITHIN_MS = 5_000;
const CONTAINER_IS_UP_WITHIN_MS = 60_000;

/**
 * Why no container can be started here, or null when one can. A `docker` on PATH proves nothing, so the daemon
 * itself is asked.
 */
export async function whyNoContainers(): Promise<string | null> {
  if (!mayHaveDocker()) return 'no Docker daemon';
  const { getContainerRuntimeClient } = await import('testcontainers');
  const answer = await within(
    DAEMON_ANSWERS_WITHIN_MS,
    getContainerRuntimeClient().then(
      () => 'there',
      () => 'absent',
    ),
  );
  if (answer === 'there') return null;
  return answer === 'absent'
    ? 'no Docker daemon'
    : `the Docker daemon did not answer within ${DAEMON_ANSWERS_WITHIN_MS / 1000} s`;
}

/** Looks where testcontainers would look, since loading it takes half a second. */
function mayHaveDocker(): boolean {
  const { DOCKER_HOST, XDG_RUNTIME_DIR = '/run' } = process.env;
  if (DOCKER_HOST || process.platform === 'win32') return true;
  const home = homedir();
  return [
    '/var/run/docker.sock',
    `${XDG_RUNTIME_DIR}/docker.sock`,
    `/run/user/${userInfo().uid}/docker.sock`,
    `${home}/.docker/run/docker.sock`,
    `${home}/.docker/desktop/docker.sock`,
    `${home}/.testcontainers.properties`,
  ].some((path) => existsSync(path));
}

/** PostgreSQL in a container; `volume` names where its data survives, without it the data goes with the container. */
export async function postgresContainer(options: {
  port?: number | undefined;
  user: string;
  password: string;
  database: string;
  volume?: string | undefined;
  durable: boolean;
}): Promise<Server> {
  const { user, password, database, volume } = options;
  const { GenericContainer, Wait } = await import('testcontainers');
  const speed = options.durable
    ? []
    : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];
  const container = new GenericContainer(IMAGES.postgres)
    .withEnvironment({ POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: database })
    .withCommand(['postgres', '-c', 'max_connections=200', ...speed])
    // When it fills an empty folder the image starts a first server, which does not listen on TCP.
    .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready --host=127.0.0.1'));
  if (volume) container.withBindMounts([{ source: volume, target: '/var/lib/postgresql' }]);
  return startContainer(
    { part: 'postgres', container, inside: 5432, port: options.port },
    (host, port) => `postgres://${user}:${password}@${host}:${port}/${database}`,
  );
}

const VALKEY = [
  ['valkey-server', '--protected-mode', 'no'],
  ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
].flat();

/** Valkey, Redis' free sibling, in a container. It keeps nothing: Postgres is the truth, and Redis holds only wake-up calls. */
export async function redisContainer(options: { port?: number | undefined }): Promise<Server> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = new GenericContainer(IMAGES.redis)
    .withCommand(VALKEY)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/));
  return startContainer(
    { part: 'redis', container, inside: 6379, port: options.port },
    (host, port) => `redis://${host}:${port}`,
  );
}

/** The official Centrifugo with our `centrifugo.json`. Its engine is in memory: it could not reach our Redis. */
export async function centrifugoContainer(options: CentrifugoOptions): Promise<Server> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = new GenericContainer(IMAGES.centrifugo)
    .withCopyFilesToContainer([{ source: CENTRIFUGO_CONFIG, target: '/centrifugo/config.json' }])
    .withCommand(['centrifugo', '--config', '/centrifugo/config.json'])
    .withEnvironment(centrifugoEnvironment({ ...options, address: '0.0.0.0', port: 8000 }))
    .withWaitStrategy(Wait.forHttp('/health', 8000));
  return startContainer(
    { part: 'centrifugo', container, inside: 8000, port: options.port },
    (host, port) => `http://${host}:${port}`,
  );
}

/** Deletes what a Postgres in a container kept. */
export async function removeVolume(name: string): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const runtime = await getContainerRuntimeClient();
  await runtime.container.dockerode.getVolume(name).remove({ force: true });
}

async function startContainer(
  options: {
    part: Server['part'];
    container: GenericContainer;
    inside: number;
    port: number | undefined;
  },
  url: (host: string, port: number) => string,
): Promise<Server> {
  const { part, container, inside } = options;
  const { getContainerRuntimeClient } = await import('testcontainers');
  const tail = lastLines(200);
  const starting = container
    .withExposedPorts(
      options.port === undefined ? inside : { container: inside, host: options.port },
    )
    .withLogConsumer(
      (stream) => void stream.on('data', (chunk: Buffer) => tail.push(chunk.toString())),
    )
    .withStartupTimeout(CONTAINER_IS_UP_WITHIN_MS)
    .start();
  // The container's own limit does not count the pull of its image; ours counts everything.
  const started = await within(CONTAINER_IS_UP_WITHIN_MS, starting).catch((error: unknown) => {
    const words = tail.text().trim();
    throw new Error(`${String(error)}${words && `; its last words:\n${words}`}`, { cause: error });
  });
  if (!started) {
    starting.then((late) => late.stop()).catch(() => {});
    throw new Error(`its container was not up within ${CONTAINER_IS_UP_WITHIN_MS / 1000} s`);
  }
  const port = started.getMappedPort(inside);
  return {
    part,
    url: url(started.getHost(), port),
    port,
    tier: `container ${IMAGES[part]}`,
    why: '',
    logTail: tail.text,
    ...ending(started, await getContainerRuntimeClient()),
  };
}

function ending(
  started: StartedTestContainer,
  runtime: ContainerRuntimeClient,
): Pick<Server, 'stop' | 'kill' | 'gone'> {
  const container = runtime.container.getById(started.getId());
  const gone = Promise.withResolvers<Ending>();
  container.wait().then(
    ({ StatusCode }: { StatusCode: number }) => gone.resolve({ code: StatusCode, signal: null }),
    () => gone.resolve({ code: null, signal: null }),
  );
  return {
    gone: gone.promise,
    stop: async () => void (await started.stop({ timeout: 3_000 })),
    kill: async () => {
      await container.kill({ signal: 'SIGKILL' });
      await gone.promise;
      await container.remove({ force: true, v: true });
    },
  };
}
