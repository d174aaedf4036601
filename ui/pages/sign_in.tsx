import { useState } from "preact/hooks";
import { messageOf } from "../api/client.ts";
import { Dialog } from "../parts/dialog.tsx";
import { signIn, signOut } from "../state/session.ts";
import { attempt } from "../state/notices.ts";

/** Asks for a token. */
export function SignIn() {
  return (
    <main class="sign-in">
      <div class="card">
        <h1>Stint</h1>
        <p>This server asks for a token.</p>
        <TokenForm />
        <p class="hint">
          On the server: <code>stint token create --name me --scope jobs:write</code>
        </p>
      </div>
    </main>
  );
}

/** Asks again, over the page as it is: what somebody has typed into it stays. */
export function SignInAgain() {
  return (
    <Dialog title="Sign in again" veiled>
      <p>The session has ended, or the token was revoked. What you have typed is still there.</p>
      <TokenForm />
      <button type="button" class="link" onClick={() => attempt(signOut)}>Leave the page instead</button>
    </Dialog>
  );
}

/** It goes to the server once; the browser keeps a cookie that scripts cannot read. */
function TokenForm() {
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    const token = new FormData(event.currentTarget as HTMLFormElement).get("token") as string;
    setBusy(true);
    setFailure(null);
    try {
      await signIn(token.trim());
    } catch (error) {
      setFailure(messageOf(error));
    }
    setBusy(false);
  };
  return (
    <form onSubmit={submit} class="form">
      <label>
        Token
        <input name="token" type="password" autocomplete="current-password" required autofocus />
      </label>
      <p class="failure" role="alert">{failure}</p>
      <button type="submit" class="button primary" aria-disabled={busy}>Sign in</button>
    </form>
  );
}
