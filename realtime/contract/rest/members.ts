import * as z from 'zod';

import { Member, MemberRole, UserId } from '../primitives.ts';
import { listOf } from './list.ts';

export const UpdateMemberRequest = z
  .strictObject({ role: MemberRole })
  .meta({ id: 'UpdateMemberRequest' });

export const AddMembersRequest = z
  .strictObject({ userIds: z.array(UserId).min(1).max(100) })
  .meta({ id: 'AddMembersRequest' });
export const MemberList = listOf(Member, 'MemberList');
export type MemberList = z.infer<typeof MemberList>;
