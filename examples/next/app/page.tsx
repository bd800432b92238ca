import { required } from '../lib/environment.ts';
import { PEOPLE } from '../lib/people.ts';
import { currentUser } from '../lib/session.ts';
import { signIn, signOut } from './actions.ts';
import { Chat } from './chat.tsx';

export default async function Page() {
  const user = await currentUser();
  if (user === null) {
    return (
      <form action={signIn}>
        <h1>Who are you?</h1>
        {PEOPLE.map(({ id, name }) => (
          <button key={id} name="user" value={id}>
            {name}
          </button>
        ))}
      </form>
    );
  }
  return (
    <main>
      <form action={signOut}>
        {user.name} <button>Sign out</button>
      </form>
      <Chat
        key={user.id}
        user={user}
        others={PEOPLE.filter(({ id }) => id !== user.id)}
        apiUrl={required('ROV_API_URL')}
      />
    </main>
  );
}
