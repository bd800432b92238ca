import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { isUnderWay, Refusal } from '../ui/refusal.tsx';
import { useAction } from '../ui/use-action.ts';
import type { MessageDialogProps } from './message-dialog.ts';

const QUESTION = 'Delete this message?';

/** Asks once, for nobody gets a deleted message back. */
export function RemoveDialog({ message, room, onClose }: MessageDialogProps) {
  const action = useAction();
  return (
    <Dialog label={QUESTION} onClose={onClose}>
      <div className="p-5">
        <h2 className="text-lg font-semibold">{QUESTION}</h2>
        <p className="text-muted mt-1 text-sm">
          It will be gone for everybody in the conversation.
        </p>
        <blockquote
          dir="auto"
          className="bg-bubble mt-3 line-clamp-3 rounded-md px-3 py-2 text-sm [overflow-wrap:anywhere]"
        >
          {message.content}
        </blockquote>
        <Refusal of={action} />
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>Keep</Button>
          <Button
            look="danger"
            disabled={isUnderWay(action)}
            onClick={() => void action.run(() => room.remove(message), onClose)}
          >
            Delete
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
