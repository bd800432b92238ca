'use client';

import { useMessages, useTyping } from '@rov/realtime/react';
import { useState } from 'react';
import type { SubmitEvent } from 'react';

export function Conversation({ id }: { id: string }) {
  const { data: entries, status, send } = useMessages(id);
  const { data: typists, typing } = useTyping(id);
  const [draft, setDraft] = useState('');

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (draft.trim() !== '') send(draft);
    setDraft('');
  }

  if (status !== 'ready') return <p>{status}</p>;
  return (
    <form onSubmit={submit}>
      <ol aria-label="Messages">
        {entries.map((entry) =>
          entry.kind === 'message' ? (
            <li key={entry.key}>
              {entry.message.sender.name}: {entry.message.content}
            </li>
          ) : (
            <li key={entry.key}>
              {entry.send.content} ({entry.send.state})
            </li>
          ),
        )}
      </ol>
      <p>{typists.length > 0 && `${typists.join(', ')} …`}</p>
      <input
        aria-label="Message"
        autoComplete="off"
        value={draft}
        onInput={typing}
        onChange={(event) => setDraft(event.target.value)}
      />{' '}
      <button>Send</button>
    </form>
  );
}
