import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';

import { within } from './server-process.ts';
import type { Server } from './server.ts';
import { startContainer } from './start-container.ts';

/** The images that `docker-compose.yml` names as well. */
export const IMAGES = {
  postgres: 'postgres:18',
  redis: 'valkey/valkey:8',
  centrifugo: 'centrifugo/centrifugo:v6.9.1',
} as const;

/**
 * A daemon at rest answers in 0.1 s. Podman's answer waits behind the containers that are being made at that moment:
 * with five of them it took up to 4.5 s, with nine more than 5 s.
 */
const DAEMON_ANSWERS_WITHIN_MS = 20_000;

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
  const { Wait } = await import('testcontainers');
  const speed = options.durable
    ? []
    : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];
  return startContainer({
    part: 'postgres',
    image: IMAGES.postgres,
    port: options.port,
    inside: 5432,
    prepare: (container) => {
      container
        .withEnvironment({
          POSTGRES_USER: user,
          POSTGRES_PASSWORD: password,
          POSTGRES_DB: database,
        })
        .withCommand(['postgres', '-c', 'max_connections=200', ...speed])
        // When it fills an empty folder the image starts a first server, which does not listen on TCP.
        .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready --host=127.0.0.1'));
      if (volume) container.withBindMounts([{ source: volume, target: '/var/lib/postgresql' }]);
    },
    url: (host, port) => `postgres://${user}:${password}@${host}:${port}/${database}`,
  });
}

const VALKEY = [
  ['valkey-server', '--protected-mode', 'no'],
  ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
].flat();

/** Valkey, Redis' free sibling, in a container. It keeps nothing: Postgres is the truth, and Redis holds only wake-up calls. */
export async function redisContainer(options: { port?: number | undefined }): Promise<Server> {
  const { Wait } = await import('testcontainers');
  return startContainer({
    part: 'redis',
    image: IMAGES.redis,
    port: options.port,
    inside: 6379,
    prepare: (container) => {
      container
        .withCommand(VALKEY)
        .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/));
    },
    url: (host, port) => `redis://${host}:${port}`,
  });
}

/** Deletes what a Postgres in a container kept. */
export async function removeVolume(name: string): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const runtime = await getContainerRuntimeClient();
  await runtime.container.dockerode.getVolume(name).remove({ force: true });
}
