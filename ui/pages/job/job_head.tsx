import { useState } from "preact/hooks";
import type { Job } from "../../api/schema.ts";
import { duration, moment } from "../../logic/format.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { CopyButton } from "../../parts/copy_button.tsx";
import type { IconName } from "../../parts/icon.tsx";
import { StateMark } from "../../parts/state_mark.tsx";
import { ACTION_NAMES, actOn, applies, type JobAction } from "../../state/job_actions.ts";
import { now } from "../../state/clock.ts";
import { go } from "../../state/place.ts";
import { mayTouch } from "../../state/session.ts";
import { EditDialog } from "../jobs/edit_dialog.tsx";

const ACTIONS: readonly [JobAction, IconName][] = [
  ["pause", "pause"],
  ["resume", "play"],
  ["kill", "stop"],
  ["rerun", "again"],
  ["remove", "bin"],
];

export function JobHead({ job }: { job: Job }) {
  const [editing, setEditing] = useState(false);
  const act = async (action: JobAction) => {
    const next = await actOn(job.job_id, action);
    if (action === "rerun") go(`/-/jobs/${next!.job_id}`);
    if (action === "remove") go("/");
  };
  return (
    <div class="job-head">
      <div class="title">
        <h1>
          <span class="id">{job.job_id}</span> {job.name ?? "Job"}
        </h1>
        <StateMark state={job.state} stopping={job.stopping} />
        <Took job={job} />
        {job.exit_code !== null && <span class="note">exit {job.exit_code}</span>}
        {job.signal && <span class="note">{job.signal}</span>}
      </div>
      {mayTouch(job.command) && (
        <div class="actions">
          {job.state === "queued" && <ActionButton label="Edit" icon="edit" onPress={() => setEditing(true)} />}
          {ACTIONS.filter(([action]) => applies(action, job)).map(([action, icon]) => (
            <ActionButton
              key={action}
              label={ACTION_NAMES[action]}
              icon={icon}
              kind={action === "kill" || action === "remove" ? "danger" : "plain"}
              onPress={() => act(action)}
            />
          ))}
        </div>
      )}
      <div class="command-line">
        <code>{job.command}</code>
        <CopyButton text={job.command} label="Copy the command" />
      </div>
      {job.error && <p class="failure">{job.error}</p>}
      {editing && <EditDialog id={job.job_id} onClose={() => setEditing(false)} />}
    </div>
  );
}

function Took({ job }: { job: Job }) {
  if (!job.started) return <span class="note">created {moment(Date.parse(job.created))}</span>;
  const seconds = job.duration ?? (now.value - Date.parse(job.started)) / 1000;
  return <span class="note">{duration(seconds)}</span>;
}
