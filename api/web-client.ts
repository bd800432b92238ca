import { fileURLToPath } from 'node:url';

import express, { Router } from 'express';
import type { Request } from 'express';

export const WEB_DIST = fileURLToPath(new URL('../web/dist', import.meta.url));

const YEAR_IN_SECONDS = 31_536_000;

/** What is answered by the API itself, and never by a page. */
const NO_PAGE = /^\/(v1|demo|livez|readyz|metrics|docs|openapi\.json)(\/|$)/;

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>No web client yet</title>
<h1>The API is running; its web client is not built</h1>
<p>Build it with <code>npm run build:web</code>, then load this page again.
`;

/** The built web client in `folder`: its files, and its page for every other address that a browser opens. */
export function webClient(folder: string): Router {
  const router = Router();

  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders(response, path) {
        // Vite puts a hash of the content into the names of what lies in assets/.
        const isHashed = path.startsWith(`${folder}/assets/`);
        response.setHeader(
          'Cache-Control',
          isHashed ? `public, max-age=${YEAR_IN_SECONDS}, immutable` : 'no-cache',
        );
      },
    }),
  );

  router.use((request, response, next) => {
    if (!asksForPage(request)) {
      next();
      return;
    }
    const options = { root: folder, headers: { 'Cache-Control': 'no-cache' } };
    response.sendFile('index.html', options, (error?: Error) => {
      // Nor is there anything to say when whoever asked has gone meanwhile.
      if (!error || request.socket.destroyed) return;
      if (isMissing(error)) {
        response.status(404).set('Cache-Control', 'no-store').type('html').send(NOT_BUILT);
      } else next(error);
    });
  });

  return router;
}

/** Only a browser that goes somewhere names HTML; a script that fetches a wrong address gets its 404. */
function asksForPage({ method, path, headers }: Request): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || NO_PAGE.test(path)) return false;
  return path === '/' || (headers.accept ?? '').includes('text/html');
}

function isMissing(error: Error): boolean {
  return 'code' in error && error.code === 'ENOENT';
}
