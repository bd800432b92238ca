import { fileURLToPath } from 'node:url';

import { Router } from 'express';
import type { RequestHandler } from 'express';

const SWAGGER_UI = new URL('.', import.meta.resolve('swagger-ui-dist/package.json'));
const OWN = new URL('./docs/', import.meta.url);

/** The files that the page consists of; of swagger-ui's only those two, since its own page names other hosts. */
const FILES = {
  '/docs': new URL('page.html', OWN),
  '/docs/page.js': new URL('page.js', OWN),
  '/docs/swagger-ui.css': new URL('swagger-ui.css', SWAGGER_UI),
  '/docs/swagger-ui-bundle.js': new URL('swagger-ui-bundle.js', SWAGGER_UI),
};

/**
 * The reference of this API: `/openapi.json` and `/asyncapi.json` for programs and `/docs` for people. Also in production: whoever builds
 * a client needs the description of the very version that runs, and it tells nothing that is not public.
 */
export function referencePage(): Router {
  const router = Router({ strict: true, caseSensitive: true });
  for (const name of ['openapi.json', 'asyncapi.json']) {
    router.get(`/${name}`, file(new URL(name, import.meta.url)));
  }
  for (const [path, location] of Object.entries(FILES)) router.get(path, file(location));
  return router;
}

function file(location: URL): RequestHandler {
  const path = fileURLToPath(location);
  const headers = { 'Cache-Control': 'no-cache' };
  return (request, response, next) => {
    response.sendFile(path, { acceptRanges: false, headers }, (error?: Error) => {
      // Whoever goes before the file has come is no fault, least of all one of the database.
      if (error && !request.socket.destroyed) next(error);
    });
  };
}
