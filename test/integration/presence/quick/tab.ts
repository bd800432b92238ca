import { openTab } from './open-tab.ts';

/** One tab of somebody in a process of its own, which beats until it is killed. */
openTab({ apiUrl: process.env['API_URL']!, token: process.env['TOKEN']! });
