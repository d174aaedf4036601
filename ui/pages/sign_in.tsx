import { useState } from "preact/hooks";
import { messageOf } from "../api/client.ts";
import { signIn } from "../state/session.ts";

/** Asks for a token. It goes to the server once; the browser keeps a cookie that scripts cannot read. */
export function SignIn() {
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
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
    <main class="sign-in">
      <form class="card" onSubmit={submit}>
        <h1>Stint</h1>
        <p>This server asks for a token.</p>
        <label>
          Token
          <input name="token" type="password" autocomplete="current-password" required autofocus />
        </label>
        <p class="failure" role="alert">{failure}</p>
        <button type="submit" class="button primary" disabled={busy}>Sign in</button>
        <p class="hint">
          On the server: <code>stint token create --name me --scope jobs:write</code>
        </p>
      </form>
    </main>
  );
}
