import { useRef } from "preact/hooks";
import type { Job } from "../../api/schema.ts";

interface Props {
  job?: Job;
  /** Commands to pick from. */
  recent?: readonly string[];
}

/** What can be said of a job before it begins. */
export function JobFields({ job, recent = [] }: Props) {
  const command = useRef<HTMLTextAreaElement>(null);
  const labels = Object.entries(job?.labels ?? {}).map(([name, value]) => `${name}:${value}`).join(", ");
  return (
    <>
      {!job?.argv && (
        <label>
          Command
          <textarea
            ref={command}
            name="command"
            rows={3}
            required
            autofocus
            spellcheck={false}
            defaultValue={job?.command}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form!.requestSubmit();
            }}
          />
        </label>
      )}
      {recent.length > 0 && (
        <label>
          Recent commands
          <select
            value=""
            onChange={(event) => {
              if (event.currentTarget.value) command.current!.value = event.currentTarget.value;
              command.current!.focus();
            }}
          >
            <option value="">Choose one…</option>
            {recent.map((each) => <option key={each} value={each}>{each.slice(0, 100)}</option>)}
          </select>
        </label>
      )}
      <div class="fields">
        <label>
          Name<input name="name" defaultValue={job?.name ?? ""} />
        </label>
        <label>
          Labels<input name="labels" placeholder="team:ops, host:a" defaultValue={labels} />
        </label>
        <label>
          Queue<input name="queue" placeholder="default" defaultValue={job?.queue ?? ""} />
        </label>
        <label>
          Priority<input name="priority" type="number" defaultValue={String(job?.priority ?? "")} />
        </label>
        <label>
          Time limit, seconds
          <input name="timeout" type="number" min="0" step="any" defaultValue={String(job?.timeout ?? "")} />
        </label>
        <label>
          After jobs<input name="after" placeholder="12, 13" defaultValue={job?.after.join(", ")} />
        </label>
        <label class="wide">
          Directory<input name="cwd" spellcheck={false} defaultValue={job?.cwd ?? ""} />
        </label>
      </div>
    </>
  );
}
