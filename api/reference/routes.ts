import type { Express } from 'express';

import { shapesOf } from '../handle.ts';
import type { Shapes } from '../handle.ts';

export type Route = {
  /** As the reference writes it: `PUT /v1/connections/{userId}`. */
  name: string;
  method: string;
  path: string;
  /** Absent for a route that reads nothing of its request. */
  shapes: Shapes<unknown, unknown, unknown> | undefined;
};

type Layers = Express['router']['stack'];
type Layer = Layers[number];

/** Every route of an application, in the order in which Express tries them. */
export function routesOf(app: Express): Route[] {
  return routesIn(app.router.stack);
}

function routesIn(layers: Layers): Route[] {
  return layers.flatMap((layer) => {
    if (layer.route) return ofRoute(layer.route);
    const { handle } = layer;
    if (!isRouter(handle)) return [];
    // Express keeps no text of a prefix, so the paths of such a router would be told wrong.
    if (!('slash' in layer) || layer.slash !== true) throw new Error('A router under a prefix');
    return routesIn(handle.stack);
  });
}

function ofRoute({ path, stack }: NonNullable<Layer['route']>): Route[] {
  const methods = new Map<string, Route['shapes']>();
  for (const { method, handle } of stack) {
    methods.set(method, shapesOf(handle) ?? methods.get(method));
  }
  const template = path.replaceAll(/:(\w+)/g, '{$1}');
  return Array.from(methods, ([method, shapes]) => ({
    name: `${method.toUpperCase()} ${template}`,
    method,
    path: template,
    shapes,
  }));
}

function isRouter(handle: Layer['handle']): handle is Layer['handle'] & { stack: Layers } {
  return 'stack' in handle && Array.isArray(handle.stack);
}
