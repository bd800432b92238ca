import type { Page } from 'playwright';

/**
 * All that a page is told over its WebSocket from its next load on, whatever it makes of it. Once it is muted nothing that
 * the page says gets through: what is told then is the server's alone to decide.
 */
export async function listenIn(page: Page): Promise<{ told: readonly string[]; mute(): void }> {
  const told: string[] = [];
  let muted = false;
  await page.routeWebSocket(/\/connection\/websocket$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      told.push(String(message));
      socket.send(message);
    });
    socket.onMessage((message) => {
      if (!muted) server.send(message);
    });
  });
  return {
    told,
    mute: () => {
      muted = true;
    },
  };
}
