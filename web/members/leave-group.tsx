import { useState } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { closeConversation } from '../chat/use-route.ts';
import { AskFirst } from '../ui/ask-first.tsx';
import { Button } from '../ui/button.tsx';
import { useAction } from '../ui/use-action.ts';

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

  function leave() {
    void leaving.run(
      () => client.leave(conversationId),
      () => {
        onLeft();
        closeConversation();
      },
    );
  }

  return (
    <footer className="border-line border-t p-4">
      <Button look="danger" aria-expanded={asks} onClick={() => setAsks(!asks)}>
        Leave group
      </Button>
      {asks && (
        <AskFirst
          question={`Leave “${title}”? You will not see what is said in it any more.`}
          answer="Leave"
          action={leaving}
          onYes={leave}
          onNo={() => setAsks(false)}
        />
      )}
    </footer>
  );
}
