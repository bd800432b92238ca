import type { Message, MessagePage } from '@rov/realtime';
import type { ChatClient } from '@rov/realtime/client';
import { vi } from 'vitest';

import { ConversationView } from '../../web/conversation/conversation-view.tsx';
import { exampleConversation, examplePage } from '../chat-client/example.ts';
import { showPart } from './show-part.tsx';

type Row = Partial<ReturnType<typeof exampleConversation>>;

/**
 * The conversation view on a state that the test makes by inputs, as a client would. What a user does is a spy; nothing
 * is asked of a server.
 */
export async function showConversation({
  page = examplePage({ from: 1, to: 3 }),
  row = {},
}: { page?: MessagePage; row?: Row } = {}) {
  const conversation = exampleConversation({
    id: 'c1',
    lastSeq: page.lastSeq,
    ev: page.ev,
    ...row,
  });
  const client = spies();
  const { screen, tell } = await showPart(
    <div style={{ height: 600, display: 'flex' }}>
      <ConversationView conversationId="c1" />
    </div>,
    {
      answers: client,
      inputs: [
        { type: 'list', list: { items: [conversation], nextCursor: null }, asked: 0 },
        { type: 'opened', conversationId: 'c1' },
        { type: 'page', conversationId: 'c1', how: { way: 'latest' }, page, asked: 0 },
      ],
    },
  );
  const answer = (message: Message) => tell({ type: 'message', message });
  return { screen, client, tell, answer };
}

/** What the view calls; whatever else a client has is not there. */
function spies() {
  const all = {
    ...{ open: spy('open'), lookUp: spy('lookUp'), markRead: spy('markRead') },
    ...{ send: spy('send'), retry: spy('retry'), discard: spy('discard') },
    ...{ edit: spy('edit'), remove: spy('remove'), react: spy('react') },
    receiptsOf: spy('receiptsOf'),
    ...{ markUnread: spy('markUnread'), typing: spy('typing'), stopTyping: spy('stopTyping') },
    ...{ loadOlder: spy('loadOlder'), loadNewer: spy('loadNewer'), loadAround: spy('loadAround') },
  };
  all.open.mockReturnValue(() => {});
  return all;
}

function spy<Name extends keyof ChatClient>(_name: Name) {
  return vi.fn<Extract<ChatClient[Name], (...given: never[]) => unknown>>();
}
