import { Member, MemberList } from '@rov/realtime';

import { ids, member, members } from '../examples.ts';
import { says, saysNothing } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const memberOperations: Operations = {
  'GET /v1/conversations/{conversationId}/members': {
    id: 'listMembers',
    tag: 'Members',
    summary: 'List who is in a conversation',
    description: "By user id, with everybody's role.",
    answers: { 200: says('A page of the list.', MemberList, { items: members, nextCursor: null }) },
    problems: ['not_found'],
  },
  'POST /v1/conversations/{conversationId}/members': {
    id: 'addMembers',
    tag: 'Members',
    summary: 'Invite people into a group',
    description:
      'For owners and admins. Whoever is in already stays as they are, so a repeat is harmless. A newcomer reads ' +
      'what is said from then on, beginning with the message that tells of the invitation; so does somebody who comes ' +
      'back, also of what they could read before.',
    example: { userIds: [ids.cleo] },
    answers: {
      200: says('The first 100 members as they are now.', MemberList, {
        items: members,
        nextCursor: null,
      }),
    },
    problems: [
      'role_required',
      'not_found',
      'unknown_user',
      'direct_conversation',
      'outcome_unknown',
    ],
  },
  'PATCH /v1/conversations/{conversationId}/members/{userId}': {
    id: 'updateMember',
    tag: 'Members',
    summary: 'Give a member of a group another role',
    description:
      'For owners, who may also step down themselves (`me`) while another one is there. The role that somebody has ' +
      'already changes nothing and announces nothing.',
    example: { role: 'admin' },
    answers: { 200: says('The member as they are now.', Member, { ...member, role: 'admin' }) },
    problems: [
      'role_required',
      'not_found',
      'last_owner',
      'direct_conversation',
      'outcome_unknown',
    ],
  },
  'DELETE /v1/conversations/{conversationId}/members/{userId}': {
    id: 'removeMember',
    tag: 'Members',
    summary: 'Leave a group, or remove somebody from it',
    description:
      '`me` as the user id is the caller, who may always leave, except as the last owner of a group that others ' +
      'are in. Owners and admins remove others; only an owner removes an owner. What is said afterwards is not ' +
      'heard any more. After `outcome_unknown` a repeat that answers `not_found` means that it was done.',
    answers: { 204: saysNothing('Gone.') },
    problems: [
      'role_required',
      'not_found',
      'last_owner',
      'direct_conversation',
      'outcome_unknown',
    ],
  },
};
