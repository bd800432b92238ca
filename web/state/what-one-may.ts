import type { Conversation, Member } from '@rov/realtime';

type Role = Member['role'];

export const ROLE_WORDS: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  member: 'Member',
};

const ROLES: readonly Role[] = ['owner', 'admin', 'member'];

/** Whether somebody may invite into a group, and change its title and picture. */
export function mayChange({ kind, role }: Pick<Conversation, 'kind' | 'role'>): boolean {
  return kind === 'group' && role !== 'member';
}

/** Which other roles somebody may give to a member of the group, themselves included. */
export function rolesToGive(own: Role, theirs: Role): readonly Role[] {
  return own === 'owner' ? ROLES.filter((role) => role !== theirs) : [];
}

/** Whether somebody may remove another member. Whoever wants to go themselves leaves. */
export function mayRemove(own: Role, theirs: Role): boolean {
  return own === 'owner' || (own === 'admin' && theirs !== 'owner');
}

/** Owners first, then admins, by name. */
export function byRole(a: Member, b: Member): number {
  const order = ROLES.indexOf(a.role) - ROLES.indexOf(b.role);
  return order === 0 ? a.profile.name.localeCompare(b.profile.name) : order;
}
