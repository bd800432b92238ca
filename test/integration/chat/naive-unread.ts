/** What unread means, told once more without tables: each message is looked at, for each reader. */
export function naiveConversation() {
  type Reader = { joinedSeq: number; readSeq: number; mark: number | null };
  const messages: { never: boolean }[] = [];
  const readers = new Map<string, Reader>();
  const lastSeq = (): number => messages.length;
  return {
    lastSeq,
    isIn: (user: string): boolean => readers.has(user),
    joins(user: string): void {
      readers.set(user, { joinedSeq: lastSeq() + 1, readSeq: lastSeq(), mark: null });
    },
    leaves: (user: string): void => void readers.delete(user),

    says(user: string): void {
      messages.push({ never: false });
      readers.set(user, { ...readers.get(user)!, readSeq: lastSeq(), mark: null });
    },
    systemSays: (): void => void messages.push({ never: true }),
    /** Deleted, or said by the system after all. */
    neverCounts(seq: number): void {
      messages[seq - 1]!.never = true;
    },

    reads(user: string, seq: number): void {
      const reader = readers.get(user)!;
      const readSeq = Math.max(reader.readSeq, Math.min(seq, lastSeq()));
      readers.set(user, { ...reader, readSeq, mark: null });
    },
    /** Whether there is something to mark. */
    marks(user: string, from: number | null): boolean {
      const reader = readers.get(user)!;
      const isThere = from === null || Math.max(from, reader.joinedSeq) <= lastSeq();
      if (isThere) readers.set(user, { ...reader, mark: from });
      return isThere;
    },

    unread(user: string): number {
      const reader = readers.get(user);
      if (!reader) return 0;
      return messages.filter(({ never }, index) => {
        const seq = index + 1;
        const isRead = seq <= reader.readSeq && (reader.mark === null || seq < reader.mark);
        return seq >= reader.joinedSeq && !never && !isRead;
      }).length;
    },
  };
}

export type NaiveConversation = ReturnType<typeof naiveConversation>;
