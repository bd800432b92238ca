import type { Profile } from '@rov/realtime';
import { asProblem } from '@rov/realtime/client';
import type { ApiProblem } from '@rov/realtime/client';
import { useEffect, useState } from 'react';

import type { createDemoApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Logo } from '../ui/icons.tsx';
import { Note } from '../ui/note.tsx';
import { DemoUsers } from './demo-users.tsx';
import type { Session } from './session.ts';
import { TokenForm } from './token-form.tsx';

type Demo = ReturnType<typeof createDemoApi>;

/** Pick a demo user where the server has them, else bring a token of one's own identity provider. */
export function SignIn({
  demo,
  notice,
  onSignIn,
}: {
  demo: Demo;
  notice: string | null;
  onSignIn: (session: Session) => void;
}) {
  const { users, problem, retry } = useDemoUsers(demo);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function signInAs(user: Profile) {
    setRefusal(null);
    try {
      onSignIn(await demo.login(user.id));
    } catch (error) {
      setRefusal(asProblem(error).message);
    }
  }

  return (
    <main className="bg-surface flex min-h-full items-center justify-center p-4">
      <div className="border-line bg-raised w-full max-w-sm rounded-lg border p-6">
        <Logo className="text-accent size-8" />
        <h1 className="mt-4 text-xl font-semibold">Sign in</h1>
        {notice !== null && <Note>{notice}</Note>}
        {refusal !== null && <Note tone="danger">{refusal}</Note>}
        {problem === null ? (
          <DemoUsers users={users} onPick={(user) => void signInAs(user)} />
        ) : problem.status === 404 ? (
          <TokenForm onSignIn={onSignIn} />
        ) : (
          <div className="mt-4">
            <Note tone="danger">{problem.message}</Note>
            <Button className="mt-3" onClick={retry}>
              Try again
            </Button>
          </div>
        )}
      </div>
    </main>
  );
}

function useDemoUsers(demo: Demo) {
  const [users, setUsers] = useState<readonly Profile[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let current = true;
    demo
      .users()
      .then(({ items }) => current && setUsers(items))
      .catch((error: unknown) => current && setProblem(asProblem(error)));
    return () => {
      current = false;
    };
  }, [demo, attempt]);

  return {
    users,
    problem,
    retry: () => {
      setProblem(null);
      setAttempt((count) => count + 1);
    },
  };
}
