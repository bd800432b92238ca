/**
 * Mends postgres.js 3.4.9 in node_modules, after every install. When a connection dies in the middle of an answer, the
 * driver opens it again without forgetting what it had heard:
 *
 * - the next result begins behind the rows of the last one, so that its first row is `undefined`;
 * - an error that had come for the last statement fails the next one;
 * - a write that was waiting for its turn is never sent, nor anything after it, and the connection hangs for good.
 *
 * And between the error of a socket and its close, the connection still counts as one that can be asked: what it is asked
 * then, a second try first of all, is neither done nor refused, ever.
 *
 * `test/integration/db/open-sql.test.ts` fails without this. Another version of the driver fails the install: look there
 * whether this is still needed.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../node_modules/postgres/src/connection.js', import.meta.url);

const MARK = '// mended by scripts/mend-postgres.mjs\n';

/** What is in the file once, and what comes before it. */
const MENDS = [
  ["    x.on('error', error)\n", `    ${asksNoFallen('x')}\n`],
  ["    socket.on('secureConnect', connected)\n", `    ${asksNoFallen('socket')}\n`],
  ['    if (socket) {\n      socket.removeListener(', '    chunk = nextWriteTimer = null\n'],
  [
    "    socket.removeListener('data', data)\n    socket.removeListener('connect', connected)\n    idleTimer",
    '    chunk = nextWriteTimer = null\n',
  ],
  [
    '    closedTime = performance.now()\n',
    "    hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options))\n" +
      '    query = results = errorResponse = null\n    rows = 0\n    result = new Result()\n',
  ],
];

function asksNoFallen(socket) {
  return `for (const end of ['end', 'error']) ${socket}.on(end, () => connection.queue?.remove(connection))`;
}

const found = readFileSync(FILE, 'utf8');
if (!found.startsWith(MARK)) {
  const mended = MENDS.reduce((text, [place, addition]) => {
    const [before, behind, ...more] = text.split(place);
    if (behind === undefined || more.length > 0) {
      console.error('postgres is not the version that scripts/mend-postgres.mjs knows');
      process.exit(1);
    }
    return before + addition + place + behind;
  }, found);
  writeFileSync(FILE, MARK + mended);
}
