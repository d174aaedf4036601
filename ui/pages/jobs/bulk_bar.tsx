import { ActionButton } from "../../parts/action_button.tsx";
import { ACTION_NAMES, actOnMany, type JobAction } from "../../state/job_actions.ts";
import type { JobList } from "../../state/job_list.ts";
import { may } from "../../state/session.ts";

interface Props {
  list: JobList;
  selected: ReadonlySet<number>;
  onClear: () => void;
}

const ACTIONS: readonly JobAction[] = ["pause", "resume", "kill", "rerun", "remove"];

/** What is selected, and what can be done to all of it. Over the list's end, so that nothing moves when it comes up. */
export function BulkBar({ list, selected, onClear }: Props) {
  if (selected.size === 0) return null;
  const rows = () => [...selected].map((id) => list.get(id)).filter((row) => row !== undefined);
  const act = async (action: JobAction) => {
    await actOnMany(rows(), action);
    onClear();
  };
  return (
    <div class="bulk" role="region" aria-label="Selected jobs">
      <strong>{selected.size} selected</strong>
      {may("jobs:write") && ACTIONS.map((action) => (
        <ActionButton
          key={action}
          label={ACTION_NAMES[action]}
          kind={action === "kill" || action === "remove" ? "danger" : "plain"}
          onPress={() => act(action)}
        />
      ))}
      <button type="button" class="button" onClick={onClear}>Clear</button>
    </div>
  );
}
