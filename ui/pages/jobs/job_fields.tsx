import { useRef } from "preact/hooks";
import type { FormValues } from "../../logic/job_form.ts";
import { lineOf } from "../../logic/bounds.ts";
import { bounds } from "../../state/session.ts";

interface Props {
  /** What the fields hold at first. */
  values?: FormValues;
  /** Whether it is one program and its arguments, which are not to be changed here. */
  fixed?: boolean;
  /** Commands to pick from. */
  recent?: readonly string[];
}

/** What can be said of a job before it begins, as far as the token may say it. */
export function JobFields({ values = {}, fixed = false, recent = [] }: Props) {
  const command = useRef<HTMLTextAreaElement>(null);
  const { queues, labels: bound, commands } = bounds() ?? {};
  return (
    <>
      {!fixed && (
        <label>
          Command
          <textarea
            ref={command}
            name="command"
            rows={3}
            required
            autofocus
            spellcheck={false}
            defaultValue={values.command ??
              (commands?.prefixes.length === 1 ? `${lineOf(commands.prefixes[0]!)} ` : "")}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form!.requestSubmit();
            }}
          />
        </label>
      )}
      {commands && (
        <p class="note">
          One of {commands.prefixes.map(lineOf).join("; ")}, and arguments. No shell looks at them.
        </p>
      )}
      {recent.length > 0 && (
        <label>
          Recent commands
          <select
            value=""
            onChange={(event) => {
              const { value, form } = event.currentTarget;
              if (value) command.current!.value = value;
              // As if it had been typed.
              form!.dispatchEvent(new Event("input", { bubbles: true }));
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
          Name<input name="name" defaultValue={values.name} />
        </label>
        <label>
          Labels{bound && ` (and ${Object.entries(bound).map((each) => each.join(":")).join(", ")})`}
          <input name="labels" placeholder="team:ops, host:a" defaultValue={values.labels} />
        </label>
        <label>
          Queue
          {queues
            ? (
              <select name="queue" defaultValue={values.queue || queues[0]}>
                {queues.map((queue) => <option key={queue} value={queue}>{queue}</option>)}
              </select>
            )
            : <input name="queue" placeholder="default" defaultValue={values.queue} />}
        </label>
        <label>
          Priority<input name="priority" type="number" defaultValue={values.priority} />
        </label>
        <label>
          Time limit, seconds
          <input name="timeout" type="number" min="0" step="any" defaultValue={values.timeout} />
        </label>
        <label>
          After jobs<input name="after" placeholder="12, 13" defaultValue={values.after} />
        </label>
        {!commands && (
          <label class="wide">
            Directory<input name="cwd" spellcheck={false} defaultValue={values.cwd} />
          </label>
        )}
      </div>
    </>
  );
}
