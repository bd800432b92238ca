// `node core/probe.ts URL`: exit code 0 when the URL answers with a success. The health check of a container, as a file
// because not every engine keeps a command's arguments with spaces whole.
const [url = ''] = process.argv.slice(2);
const healthy = await fetch(url, { signal: AbortSignal.timeout(2_500) }).then(
  ({ ok }) => ok,
  () => false,
);
process.exit(healthy ? 0 : 1);
