import type { Profile } from '@rov/realtime';

import type { Sql } from '../db/database.ts';

/** Takes a user over from the claims of their token. Writes only what is new. */
export async function upsertProfile(sql: Sql, profile: Profile): Promise<void> {
  await sql`
    INSERT INTO users AS u (id, name, username, image, shard)
    VALUES (${profile.id}, ${profile.name}, ${profile.username}, ${profile.image},
      shard_of(${profile.id}))
    ON CONFLICT (id) DO UPDATE
      SET name = EXCLUDED.name, username = EXCLUDED.username, image = EXCLUDED.image,
        updated_at = clock_timestamp()
      WHERE (u.name, u.username, u.image) IS DISTINCT FROM
        (EXCLUDED.name, EXCLUDED.username, EXCLUDED.image)`;
}
