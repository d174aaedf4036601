import { useEffect, useState } from "preact/hooks";
import { call, messageOf } from "../../api/client.ts";
import type { Job } from "../../api/schema.ts";
import { patchOf, valuesOf } from "../../logic/job_form.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { patchJob } from "../../state/job_actions.ts";
import { attempt, notify } from "../../state/notices.ts";
import { JobFields } from "./job_fields.tsx";

/** Changes a job that has not begun; sends only what is different. */
export function EditDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const [job, setJob] = useState<Job | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    attempt(async () => setJob((await call<Job>("GET", `/api/jobs/${id}`)).data)).then((well) => well || onClose());
  }, [id]);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setFailure(null);
    const form = new FormData(event.currentTarget as HTMLFormElement);
    try {
      const patch = patchOf(job!, (name) => String(form.get(name) ?? ""));
      // What the token may not choose is not asked for.
      for (const name of Object.keys(patch)) if (!form.has(name)) delete patch[name];
      if (Object.keys(patch).length > 0) await patchJob(id, patch);
      notify(`Job ${id} is changed.`);
      onClose();
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  return (
    <Dialog title={`Edit job ${id}`} onClose={onClose}>
      <form onSubmit={submit} class="form">
        {job && <JobFields values={valuesOf(job)} fixed={job.argv !== null} />}
        <p class="failure" role="alert">{failure}</p>
        <footer>
          <button type="button" class="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="button primary" disabled={!job}>Save</button>
        </footer>
      </form>
    </Dialog>
  );
}
