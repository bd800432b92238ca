/** A server that runs in a container, or that was given by URL: no signal reaches it from here. */
export class NoProcess extends Error {
  override readonly name = 'NoProcess';
}
