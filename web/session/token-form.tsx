import { useState } from 'react';
import type { SubmitEvent } from 'react';

import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import { sessionFromToken } from './session.ts';
import type { Session } from './session.ts';

/** For servers without demo login: the bearer token that one's identity provider issued. */
export function TokenForm({ onSignIn }: { onSignIn: (session: Session) => void }) {
  const [token, setToken] = useState('');
  const [refused, setRefused] = useState(false);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const session = sessionFromToken(token);
    if (session === null) setRefused(true);
    else onSignIn(session);
  }

  return (
    <form className="mt-2" onSubmit={submit}>
      <p className="text-muted">
        This server has no demo login. Paste a bearer token that your identity provider issued for
        you; it stays in this window.
      </p>
      <label className="mt-4 block text-sm font-medium" htmlFor="token">
        Bearer token
      </label>
      <textarea
        id="token"
        rows={5}
        required
        spellCheck={false}
        autoComplete="off"
        className="border-edge bg-canvas mt-1 w-full resize-none rounded-md border p-2 font-[monospace] text-sm break-all"
        value={token}
        onChange={(event) => {
          setToken(event.target.value);
          setRefused(false);
        }}
      />
      {refused && <Note tone="danger">This is no JWT with a subject. Was all of it copied?</Note>}
      <Button className="mt-3" type="submit" look="primary">
        Sign in
      </Button>
    </form>
  );
}
