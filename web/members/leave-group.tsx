import { useState } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { useAction } from '../chat/use-action.ts';
import { closeConversation } from '../chat/use-route.ts';
import { AskFirst } from '../ui/ask-first.tsx';
import { Button } from '../ui/button.tsx';

export function LeaveGroup({
  conversationId,
  title,
  onLeft,
}: {
  conversationId: string;
  title: string;
  onLeft: () => void;
}) {
  const { client } = useChat();
  const [asks, setAsks] = useState(false);
  const leaving = useAction();

  async function leave() {
    if (!(await leaving.run(() => client.leave(conversationId)))) return;
    onLeft();
    closeConversation();
  }

  return (
    <footer className="border-line border-t p-4">
      <Button look="danger" aria-expanded={asks} onClick={() => setAsks(!asks)}>
        Leave group
      </Button>
      {asks && (
        <AskFirst
          question={`Leave “${title}”? You will not see what is said in it any more.`}
          answer={leaving.busy ? 'Leaving…' : 'Leave'}
          action={leaving}
          onYes={() => void leave()}
          onNo={() => setAsks(false)}
        />
      )}
    </footer>
  );
}
