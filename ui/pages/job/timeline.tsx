import type { Job } from "../../api/schema.ts";
import { moment } from "../../logic/format.ts";
import { timelineOf } from "../../logic/timeline.ts";

export function Timeline({ job }: { job: Job }) {
  return (
    <ol class="timeline">
      {timelineOf(job).map(({ at, what, state }, i) => (
        <li key={i} class={`state-${state}`}>
          <span class="dot" aria-hidden="true" />
          <span>{what}</span>
          {at !== null && <time dateTime={new Date(at).toISOString()}>{moment(at)}</time>}
        </li>
      ))}
    </ol>
  );
}
