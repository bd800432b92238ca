import type * as z from 'zod';

import { plainText } from './plain-text.ts';

const MAX_CODE_POINTS = 4_000;
const MAX_METADATA_BYTES = 4 * 1_024;

type Metadata = Record<string, z.core.util.JSONType>;

export type MessageContent =
  | { outcome: 'allowed'; content: string }
  | { outcome: 'content_malformed' | 'content_empty' | 'content_too_long' };

/** What people wrote, as it is stored: plain text of 1–4,000 code points. */
export function messageContent(text: string): MessageContent {
  const content = plainText(text);
  if (content === null) return { outcome: 'content_malformed' };
  if (content === '') return { outcome: 'content_empty' };
  return isLonger(content, MAX_CODE_POINTS)
    ? { outcome: 'content_too_long' }
    : { outcome: 'allowed', content };
}

/** Whether metadata may be stored: at most 4 KiB of JSON, and only text that Postgres can hold. */
export function messageMetadata(
  metadata: Metadata,
): 'allowed' | 'metadata_malformed' | 'metadata_too_large' {
  const json = JSON.stringify(metadata);
  if (Buffer.byteLength(json) > MAX_METADATA_BYTES) return 'metadata_too_large';
  return holdsUnstorable(metadata) ? 'metadata_malformed' : 'allowed';
}

function isLonger(text: string, codePoints: number): boolean {
  if (text.length <= codePoints) return false;
  let count = 0;
  for (const _ of text) if (++count > codePoints) return true;
  return false;
}

/** jsonb has no NUL and no lone surrogate, neither in a key nor in a value. */
function holdsUnstorable(value: z.core.util.JSONType): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(
    ([key, inner]) => holdsUnstorable(key) || holdsUnstorable(inner),
  );
}
