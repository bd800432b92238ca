import { mintChatToken } from '../../../lib/mint-chat-token.ts';
import { currentUser } from '../../../lib/session.ts';

/** A token for the API of rov, for whoever is signed in here. */
export async function GET(): Promise<Response> {
  const user = await currentUser();
  if (user === null) return Response.json({ error: 'nobody is signed in' }, { status: 401 });
  return Response.json(await mintChatToken(user), { headers: { 'cache-control': 'no-store' } });
}
