import type { Job } from "../../api/schema.ts";
import { curlOf } from "../../logic/curl.ts";
import { bytes, duration } from "../../logic/format.ts";
import { CopyButton } from "../../parts/copy_button.tsx";
import { lazy } from "../../parts/lazy.tsx";
import { asksForTokens } from "../../state/session.ts";
import { Dependencies } from "./dependencies.tsx";
import { Timeline } from "./timeline.tsx";

const UsageCharts = lazy(async () => (await import("../../charts/usage_charts.tsx")).UsageCharts, "charts-place");

/** Everything about a job but its output. */
export function JobSide({ job }: { job: Job }) {
  const curl = curlOf(job, location.origin, asksForTokens());
  return (
    <>
      <section aria-label="Use of the machine">
        <h2>Processor and memory</h2>
        <UsageCharts job={job} />
      </section>
      <section aria-label="Timeline">
        <h2>Timeline</h2>
        <Timeline job={job} />
      </section>
      {(job.after.length > 0 || job.rerun_of !== null) && (
        <section aria-label="Dependencies">
          <h2>Other jobs</h2>
          <Dependencies job={job} />
        </section>
      )}
      <section aria-label="Facts">
        <h2>Facts</h2>
        <Facts job={job} />
      </section>
      <section aria-label="Request">
        <h2>
          The same with curl <CopyButton text={curl} label="Copy the request" />
        </h2>
        <pre class="code" tabIndex={0} aria-label="Request">{curl}</pre>
      </section>
    </>
  );
}

function Facts({ job }: { job: Job }) {
  const { resources } = job;
  const facts: [string, string | null][] = [
    ["Queue", job.queue],
    ["Priority", job.priority === 0 ? null : String(job.priority)],
    ["Labels", Object.entries(job.labels).map(([name, value]) => `${name}:${value}`).join(", ") || null],
    ["Directory", job.cwd],
    ["Environment", Object.entries(job.env).map(([name, value]) => `${name}=${value}`).join("\n") || null],
    ["Time limit", job.timeout === null ? null : duration(job.timeout)],
    ["Worker", job.worker_id],
    ["Processor time", resources.cpu_seconds === null ? null : duration(resources.cpu_seconds)],
    ["Memory, at most", resources.memory_peak_bytes === null ? null : bytes(resources.memory_peak_bytes)],
    ["Printed", bytes(resources.output_bytes)],
    ["Standard input", resources.input_bytes === 0 ? null : bytes(resources.input_bytes)],
    ["Disk read", resources.disk_read_bytes === null ? null : bytes(resources.disk_read_bytes)],
    ["Disk written", resources.disk_written_bytes === null ? null : bytes(resources.disk_written_bytes)],
  ];
  return (
    <dl class="facts">
      {facts.filter(([, value]) => value !== null).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
