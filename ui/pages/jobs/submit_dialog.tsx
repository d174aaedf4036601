import { useRef, useState } from "preact/hooks";
import { call, messageOf } from "../../api/client.ts";
import type { Job } from "../../api/schema.ts";
import { type FormValues, specOf } from "../../logic/job_form.ts";
import { recentCommands, rememberCommand } from "../../logic/recent.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { notify } from "../../state/notices.ts";
import { bounds } from "../../state/session.ts";
import { JobFields } from "./job_fields.tsx";

/** What somebody had typed when the form was closed by the way; gone with the page, and once it is submitted. */
let draft: FormValues = {};

/** Submits a job. Sent twice by a nervous hand it is still one: a key goes along, the same for the same job. */
export function SubmitDialog({ onClose }: { onClose: () => void }) {
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [recent] = useState(() => recentCommands());
  const [values] = useState(draft);
  const sent = useRef({ text: "", key: "" });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    const form = valuesIn(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setFailure(null);
    try {
      const spec = specOf((name) => form[name] ?? "", bounds()?.commands !== undefined);
      const text = JSON.stringify(spec);
      if (text !== sent.current.text) sent.current = { text, key: randomKey() };
      const headers = { "idempotency-key": sent.current.key };
      const { data } = await call<Job>("POST", "/api/jobs", { json: spec, headers });
      rememberCommand(data.command);
      notify(`Job ${data.job_id} is submitted.`);
      leave();
    } catch (error) {
      setFailure(messageOf(error));
    }
    setBusy(false);
  };
  const leave = () => {
    draft = {};
    onClose();
  };
  return (
    <Dialog title="New job" onClose={onClose}>
      <form onSubmit={submit} class="form" onInput={(event) => draft = valuesIn(event.currentTarget)}>
        <JobFields recent={recent} values={values} />
        <p class="failure" role="alert">{failure}</p>
        <footer>
          <button type="button" class="button" onClick={leave}>Cancel</button>
          <button type="submit" class="button primary" aria-disabled={busy}>Run</button>
        </footer>
      </form>
    </Dialog>
  );
}

function valuesIn(form: HTMLFormElement): FormValues {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** `crypto.randomUUID` is only there on pages that came over TLS or from this machine. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
