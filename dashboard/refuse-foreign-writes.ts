import type { RequestHandler } from 'express';

/**
 * Refuses whatever could change something unless the browser says that it comes from one of our own pages.
 * SameSite alone would let any page on the same host write, whatever its port. `Sec-Fetch-Site` is not sent
 * over plain http (but for localhost): there `Origin` must name the host that was asked.
 */
export const refuseForeignWrites: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next();
    return;
  }
  const site = request.headers['sec-fetch-site'];
  const own = site === undefined ? isOwnOrigin(request.headers) : site === 'same-origin';
  if (own) next();
  else
    response
      .status(403)
      .json({ error: 'This request does not come from a page of the dashboard.' });
};

function isOwnOrigin(headers: { origin?: string | undefined; host?: string | undefined }): boolean {
  if (headers.origin === undefined || !URL.canParse(headers.origin)) return false;
  return new URL(headers.origin).host === headers.host;
}
