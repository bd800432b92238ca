import type { Conversation } from '@rov/realtime';

import { mayChange } from '../state/what-one-may.ts';
import { membersWords, titleOf } from '../state/who.ts';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CloseIcon } from '../ui/icons.tsx';
import { Unfolding } from '../ui/unfolding.tsx';
import { AddPeople } from './add-people.tsx';
import { EditGroup } from './edit-group.tsx';
import { LeaveGroup } from './leave-group.tsx';
import { MemberList } from './member-list.tsx';
import { useMembers } from './use-members.ts';

/** What a group is called, who is in it, and whatever one's role allows to change about that. */
export function GroupPanel({
  conversation,
  me,
  onClose,
}: {
  conversation: Conversation;
  me: string;
  onClose: () => void;
}) {
  const members = useMembers(conversation.id);
  const title = titleOf(conversation, me);
  return (
    <Dialog label="Group details" place="side" onClose={onClose}>
      <div className="flex h-full flex-col">
        <header className="border-line flex items-center gap-3 border-b p-4">
          <Avatar
            size="large"
            profile={{ id: conversation.id, name: title, image: conversation.image }}
          />
          <div className="min-w-0 flex-1">
            <h2 className="text-lg font-semibold wrap-anywhere">
              <bdi>{title}</bdi>
            </h2>
            <p className="text-muted text-sm">{membersWords(conversation.memberCount)}</p>
          </div>
          <IconButton label="Close" className="self-start" onClick={onClose}>
            <CloseIcon />
          </IconButton>
        </header>
        <div className="min-h-0 flex-1 space-y-4 overflow-y-auto p-4">
          {mayChange(conversation) && (
            <div className="space-y-2">
              <Unfolding label="Add people">
                {(fold) => (
                  <AddPeople
                    conversationId={conversation.id}
                    inAlready={members.held?.items ?? []}
                    onAdded={members.readAgain}
                    onClose={fold}
                  />
                )}
              </Unfolding>
              <Unfolding label="Change title or picture">
                {(fold) => <EditGroup conversation={conversation} onClose={fold} />}
              </Unfolding>
            </div>
          )}
          <MemberList conversation={conversation} me={me} members={members} />
        </div>
        <LeaveGroup conversationId={conversation.id} title={title} onLeft={onClose} />
      </div>
    </Dialog>
  );
}
