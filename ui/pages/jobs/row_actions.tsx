import type { Row } from "../../logic/row.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import type { IconName } from "../../parts/icon.tsx";
import { ACTION_NAMES, actOn, applies, type JobAction } from "../../state/job_actions.ts";

const ICONS: Record<JobAction, IconName> = {
  pause: "pause",
  resume: "play",
  kill: "stop",
  rerun: "again",
  remove: "bin",
};
const SHOWN: readonly JobAction[] = ["pause", "resume", "kill", "rerun"];

/** The buttons at the end of a row, for those who point; keys do the same. */
export function RowActions({ row, onEdit }: { row: Row; onEdit: (row: Row) => void }) {
  return (
    <span class="row-actions">
      {row.state === "queued" && (
        <ActionButton
          label={`Edit job ${row.id}`}
          icon="edit"
          small
          onPress={() => onEdit(row)}
        />
      )}
      {SHOWN.filter((action) => applies(action, row)).map((action) => (
        <ActionButton
          key={action}
          label={`${ACTION_NAMES[action]}: job ${row.id}`}
          icon={ICONS[action]}
          small
          onPress={() => actOn(row.id, action)}
        />
      ))}
    </span>
  );
}
