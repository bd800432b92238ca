import type { Page } from 'playwright';

/** What a page hears over its WebSocket, which the test may hold back for a while; from the next load of the page on. */
export async function lateEvents(page: Page): Promise<{ hold(): void; release(): void }> {
  let held: (() => void)[] | null = null;
  await page.routeWebSocket(/\/connection\/websocket$/, (socket) => {
    socket.connectToServer().onMessage((message) => {
      if (held === null) socket.send(message);
      else held.push(() => socket.send(message));
    });
  });
  return {
    hold: () => {
      held ??= [];
    },
    release: () => {
      const late = held ?? [];
      held = null;
      for (const send of late) send();
    },
  };
}
