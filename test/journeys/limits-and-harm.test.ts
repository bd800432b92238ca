import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { say } from '../integration/chat/people-in-sql.ts';
import type { ChatWindow } from './chat-window.ts';
import { SOON, windowsForFile } from './windows-for-file.ts';

const { stack, open } = await windowsForFile({ apiEnv: { RATE_LIMITS: 'send=3/3' } });
const { people } = stack;

describe('who writes more than is allowed', () => {
  it('sees when it goes on, and loses nothing', async () => {
    const [ann, ben] = await people.persons('Ann', 'Ben');
    await people.direct(ann!, ben!);
    const annsWindow = await open(ann!, { expected: /status of 429/ });
    const bensWindow = await open(ben!);
    await annsWindow.open('Ben');
    await bensWindow.open('Ann');

    const texts = Array.from({ length: 5 }, (_, n) => `word ${n + 1}`);
    for (const text of texts) await annsWindow.sayByKeyboard(text);
    await annsWindow.page.getByText(/Not sent yet\./).waitFor();
    await annsWindow.page.getByText(/Again in [1-3] s\./).waitFor();
    expect(await annsWindow.messages()).toEqual(texts);
    const unsent = await annsWindow.unsent();
    // The first of them may have gone meanwhile.
    expect(unsent.length).toBeGreaterThan(0);
    await annsWindow.page.getByText(/Again in 1 s\.|Again now\./).waitFor();

    await expect.poll(() => bensWindow.messages(), SOON).toEqual(texts);
    await expect.poll(() => annsWindow.unsent(), SOON).toEqual([]);
    expect(await annsWindow.messages()).toEqual(texts);
  });
});

const HARM = [
  '<script>document.title = "hit"</script>',
  '<img src="x" onerror="document.title = \'hit\'">',
  '</p></textarea><svg onload="document.title = \'hit\'"></svg>',
  '<a href="javascript:document.title = \'hit\'">here</a>',
  '[here](javascript:document.title="hit")',
  '{{constructor.constructor("document.title = \'hit\'")()}}',
  'data:text/html,<script>parent.document.title="hit"</script>',
];
const BACKWARDS = '\u202Egnp.stac';

/** What markup of others would have become in the page, and what it would have done. */
async function harmIn({ page }: ChatWindow): Promise<unknown> {
  const made = await page
    .getByRole('main')
    .or(page.getByRole('complementary'))
    .locator(
      'script, img, iframe, object, form form, svg[onload], [onerror], a[href^="javascript"]',
    )
    .count();
  return { made, title: await page.title() };
}

describe('what others write to do harm', () => {
  it('is shown as it was written, whether it is a message, a name or a title', async () => {
    const ann = await people.person('Ann');
    const harmful = await people.stranger(HARM[1]!, `harmful-${randomUUID()}`);
    await harmful.rest.unread();
    const group = { clientId: randomUUID(), title: HARM[0]!, memberIds: [ann.id] };
    const conversationId = (await harmful.rest.createGroup(group)).body.id;
    const annsWindow = await open(ann);
    await annsWindow.open(HARM[0]!);
    const { sql } = stack.database;
    for (const content of HARM) {
      await say(sql, { conversationId, senderId: harmful.id, content });
    }
    await expect.poll(() => annsWindow.messages(), SOON).toEqual(HARM);
    await annsWindow.page.getByText(HARM[1]!, { exact: true }).first().waitFor();
    await expect.poll(() => harmIn(annsWindow), SOON).toEqual({ made: 0, title: 'rov' });
    await annsWindow.reload();
    await expect.poll(() => annsWindow.messages(), SOON).toEqual(HARM);
    expect(await harmIn(annsWindow)).toEqual({ made: 0, title: 'rov' });
  });

  it('turns no words round but its own', async () => {
    const ann = await people.person('Ann');
    const backwards = await people.stranger(BACKWARDS, `backwards-${randomUUID()}`);
    await backwards.rest.unread();
    const conversationId = await people.direct(backwards, ann);
    const annsWindow = await open(ann);
    await say(stack.database.sql, { conversationId, senderId: backwards.id, content: BACKWARDS });
    await annsWindow.entry('gnp.stac').getByRole('link').click();
    const shown = annsWindow.page.getByText('gnp.stac');
    await expect.poll(() => annsWindow.messages(), SOON).toEqual([BACKWARDS]);
    // What is there for screen readers alone has no letters beside it.
    const isolated = await shown.evaluateAll((elements) =>
      elements
        .filter((one) => one.clientWidth !== 1)
        .map((one) => getComputedStyle(one).unicodeBidi),
    );
    expect(isolated.length).toBeGreaterThan(2);
    expect(isolated.filter((how) => !/isolate|plaintext/.test(how))).toEqual([]);
  });

  it('would not run either where a page let it in', async () => {
    const annsWindow = await open(await people.person('Ann'), {
      expected: /Content Security Policy/,
    });
    const { page } = annsWindow;
    const answer = await page.request.get(stack.api.url, { headers: { accept: 'text/html' } });
    const policy = answer.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*/);

    const refused = page.waitForEvent('console', (message) =>
      message.text().includes('Content Security Policy'),
    );
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "hit"';
      document.body.append(script);
    });
    await refused;
    expect(await page.title()).toBe('rov');
  });
});
