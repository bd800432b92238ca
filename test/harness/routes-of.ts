import type { Express } from 'express';

/** As in the code: `PUT` and `/v1/conversations/:conversationId/read`. */
export type Route = { method: string; path: string };

/** Express keeps what was registered in layers; a router's are those of its handler. */
type Layer = {
  route?: { path: string; methods: Record<string, boolean> };
  handle?: { stack?: Layer[] };
};

/** Every route of an application, those of its routers included. */
export function routesOf(app: Express): Route[] {
  const walk = (layers: Layer[]): Route[] =>
    layers.flatMap(({ route, handle }) => {
      if (!route) return walk(handle?.stack ?? []);
      const methods = Object.keys(route.methods);
      return methods.map((method) => ({ method: method.toUpperCase(), path: route.path }));
    });
  return walk(app.router.stack as unknown as Layer[]);
}
