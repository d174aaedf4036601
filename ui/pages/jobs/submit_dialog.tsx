import { useState } from "preact/hooks";
import { call, messageOf } from "../../api/client.ts";
import type { Job } from "../../api/schema.ts";
import { specOf } from "../../logic/job_form.ts";
import { recentCommands, rememberCommand } from "../../logic/recent.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { notify } from "../../state/notices.ts";
import { JobFields } from "./job_fields.tsx";

/** Submits a job. Sent twice by a nervous hand it is still one: the key of the form goes along. */
export function SubmitDialog({ onClose }: { onClose: () => void }) {
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => randomKey());
  const [recent] = useState(() => recentCommands());
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    try {
      const spec = specOf((name) => String(form.get(name) ?? ""));
      const { data } = await call<Job>("POST", "/api/jobs", { json: spec, headers: { "idempotency-key": key } });
      rememberCommand(data.command);
      notify(`Job ${data.job_id} is submitted.`);
      onClose();
    } catch (error) {
      setFailure(messageOf(error));
    }
    setBusy(false);
  };
  return (
    <Dialog title="New job" onClose={onClose}>
      <form onSubmit={submit} class="form">
        <JobFields recent={recent} />
        <p class="failure" role="alert">{failure}</p>
        <footer>
          <button type="button" class="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="button primary" disabled={busy}>Run</button>
        </footer>
      </form>
    </Dialog>
  );
}

/** `crypto.randomUUID` is only there on pages that came over TLS or from this machine. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
