import { centrifugoEnvironment, CENTRIFUGO_CONFIG } from './centrifugo.ts';
import type { CentrifugoOptions } from './centrifugo.ts';
import { IMAGES } from './containers.ts';
import { answers } from './ports.ts';
import type { Server } from './server.ts';
import { startContainer } from './start-container.ts';

/**
 * The official Centrifugo with our `centrifugo.json`. Rejects when it would have to be on this machine's own network and
 * the engine's is that of another machine, as with Docker Desktop.
 */
export async function centrifugoContainer(options: CentrifugoOptions): Promise<Server> {
  const { engine, settings = {} } = options;
  // Its Redis may listen on nothing but our 127.0.0.1, and one published port is not two.
  const onHost = Boolean(engine) || 'CENTRIFUGO_HTTP_SERVER_INTERNAL_PORT' in settings;
  const { Wait } = await import('testcontainers');
  const server = await startContainer({
    part: 'centrifugo',
    image: IMAGES.centrifugo,
    port: options.port,
    inside: onHost ? 'host' : 8000,
    prepare: (container, port) => {
      const address = onHost ? '127.0.0.1' : '0.0.0.0';
      container
        .withCopyFilesToContainer([
          { source: CENTRIFUGO_CONFIG, target: '/centrifugo/config.json' },
        ])
        .withCommand(['centrifugo', '--config', '/centrifugo/config.json'])
        .withEnvironment(centrifugoEnvironment({ ...options, address, port }))
        .withWaitStrategy(
          Wait.forSuccessfulCommand(`wget -q -O /dev/null http://127.0.0.1:${port}/health`),
        );
    },
    url: (host, port) => `http://${onHost ? '127.0.0.1' : host}:${port}`,
  });
  // Nobody there is said at once; the time is for a busy machine.
  if (!onHost || (await answers({ host: '127.0.0.1', port: server.port, timeoutMs: 20_000 })))
    return server;
  await server.stop();
  throw new Error('its container is not on the network of this machine');
}
