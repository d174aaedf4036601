import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import type { Job } from "../../api/schema.ts";
import { StateMark } from "../../parts/state_mark.tsx";

/** The jobs that this one waits or waited for, and the one that it repeats. */
export function Dependencies({ job }: { job: Job }) {
  const ids = [...job.after, ...(job.rerun_of === null ? [] : [job.rerun_of])];
  return (
    <ul class="others">
      {ids.map((id) => (
        <li key={id}>
          <span class="note">
            {id === job.rerun_of ? "repeats" : job.waiting_for.includes(id) ? "waits for" : "came after"}
          </span>
          <Other id={id} />
        </li>
      ))}
    </ul>
  );
}

function Other({ id }: { id: number }) {
  const [job, setJob] = useState<Job | null>(null);
  useEffect(() => {
    const over = new AbortController();
    // One that was removed is shown by its id alone.
    call<Job>("GET", `/api/jobs/${id}`, { signal: over.signal }).then(({ data }) => setJob(data), () => setJob(null));
    return () => over.abort();
  }, [id]);
  return (
    <>
      <a href={`/-/jobs/${id}`}>{id} {job?.name ?? job?.command.slice(0, 60)}</a>
      {job && <StateMark state={job.state} />}
    </>
  );
}
