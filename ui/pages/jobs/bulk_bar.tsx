import { ActionButton } from "../../parts/action_button.tsx";
import { ACTION_NAMES, actOnMany, applies, type JobAction } from "../../state/job_actions.ts";
import type { JobList } from "../../state/job_list.ts";
import { may } from "../../state/session.ts";

interface Props {
  list: JobList;
  selected: ReadonlySet<number>;
  onSelect: (selected: ReadonlySet<number>) => void;
}

const ACTIONS: readonly JobAction[] = ["pause", "resume", "kill", "rerun", "remove"];

/** What is selected, and what can be done to all of it. Over the list's end, so that nothing moves when it comes up. */
export function BulkBar({ list, selected, onSelect }: Props) {
  list.version.value;
  // What has left the list is selected no more: nothing is done to what nobody sees.
  const rows = [...selected].map((id) => list.get(id)).filter((row) => row !== undefined);
  if (rows.length === 0) return null;
  const clear = (left: readonly number[] = []) => {
    onSelect(new Set(left));
    if (left.length === 0) document.getElementById("job-grid")?.focus();
  };
  return (
    <div class="bulk" role="region" aria-label="Selected jobs">
      <strong>{rows.length} selected</strong>
      {may("jobs:write") &&
        ACTIONS.filter((action) => rows.some((row) => applies(action, row))).map((action) => (
          <ActionButton
            key={action}
            label={ACTION_NAMES[action]}
            kind={action === "kill" || action === "remove" ? "danger" : "plain"}
            onPress={async () => clear(await actOnMany(rows, action))}
          />
        ))}
      <button type="button" class="button" onClick={() => clear()}>Clear</button>
    </div>
  );
}
