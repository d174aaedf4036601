import { useEffect, useState } from "preact/hooks";
import { ApiError, call, isAbort, messageOf } from "../../api/client.ts";
import type { Job } from "../../api/schema.ts";
import { lazy } from "../../parts/lazy.tsx";
import { freshness, onEvents } from "../../state/feed.ts";
import { JobHead } from "./job_head.tsx";
import { JobSide } from "./job_side.tsx";

const LogView = lazy(async () => (await import("../../log/log_view.tsx")).LogView, "log-place");

/** One job: what it prints, how it goes, what it was asked for. */
export function JobPage({ id }: { id: number }) {
  const [job, setJob] = useState<Job | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useJob(id, setJob, setFailure);
  if (failure && !job) return <p class="empty failure" role="alert">{failure}</p>;
  return (
    <div class="page job-page">
      {failure && <p class="failure" role="alert">{failure}</p>}
      {/* All at once: how high the head is depends on the job. */}
      {!job ? <div aria-busy="true" /> : (
        <>
          <JobHead job={job} />
          <div class="job-columns">
            <section class="log-section" aria-label="Output">
              <LogView id={id} done={job.done} begun={job.started !== null} />
            </section>
            <aside class="job-side">
              <JobSide job={job} />
            </aside>
          </div>
        </>
      )}
    </div>
  );
}

/** Keeps the job as it is: read at first and again whenever the stream tells of a change. */
function useJob(id: number, setJob: (job: Job | null) => void, setFailure: (text: string | null) => void): void {
  const version = freshness.value;
  useEffect(() => {
    const over = new AbortController();
    let asking = false;
    let again = false;
    const read = async () => {
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      try {
        setJob((await call<Job>("GET", `/api/jobs/${id}`, { signal: over.signal })).data);
        setFailure(null);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) setJob(null);
        if (!isAbort(error)) setFailure(messageOf(error));
      }
      asking = false;
      if (again && !over.signal.aborted) {
        again = false;
        read();
      }
    };
    read();
    const stop = onEvents((events) => {
      const mine = events.filter(({ type, data }) => type.startsWith("job") && JSON.parse(data).job_id === id);
      if (mine.some(({ type }) => type === "job_removed")) {
        over.abort();
        setJob(null);
        setFailure(`Job ${id} was removed from the history.`);
      } else if (mine.length > 0) read();
    });
    return () => {
      stop();
      over.abort();
    };
  }, [id, version]);
}
