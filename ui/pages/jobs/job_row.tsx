import { memo } from "preact/compat";
import { age, duration, moment } from "../../logic/format.ts";
import { type Row, secondsOf } from "../../logic/row.ts";
import { Bar } from "../../parts/bar.tsx";
import { StateMark } from "../../parts/state_mark.tsx";
import { now } from "../../state/clock.ts";
import { mayTouch } from "../../state/session.ts";
import { RowActions } from "./row_actions.tsx";

interface Props {
  row: Row;
  index: number;
  /** Pixels from the beginning of the list. */
  top: number;
  active: boolean;
  selected: boolean;
  /** Seconds that earlier runs of its command took. */
  usual: number | undefined;
  /** `range`: with all between it and the one before. */
  onToggle: (id: number, range: boolean) => void;
  onEdit: (row: Row) => void;
}

export const JobRow = memo(function JobRow({ row, index, top, active, selected, usual, onToggle, onEdit }: Props) {
  const what = row.name ?? row.command;
  return (
    <div
      id={`job-${row.id}`}
      class={`row${active ? " active" : ""}${selected ? " selected" : ""}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" class="cell c0">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select job ${row.id}`}
          checked={selected}
          onClick={(event) => onToggle(row.id, event.shiftKey)}
        />
      </span>
      <span role="gridcell" class="cell c1">
        <StateMark state={row.state} stopping={row.stopping} />
      </span>
      <span role="gridcell" class="cell c2">
        <a href={`/-/jobs/${row.id}`} tabIndex={-1} title={row.command}>
          <span class="id">{row.id}</span>
          <span class={row.name ? "name" : "command"}>{what}</span>
          {row.name && <span class="command">{row.command}</span>}
        </a>
      </span>
      <span role="gridcell" class="cell c3">
        {Object.entries(row.labels).map(([name, value]) => <span key={name} class="label">{name}:{value}</span>)}
      </span>
      <span role="gridcell" class="cell c4">{row.queue}</span>
      <span role="gridcell" class="cell c5" title={moment(row.created)}>{age(now.value - row.created)}</span>
      <span role="gridcell" class="cell c6">
        <Took row={row} />
      </span>
      <span role="gridcell" class="cell c7">
        <Progress row={row} usual={usual} />
      </span>
      <span role="gridcell" class="cell c8">{mayTouch(row.command) && <RowActions row={row} onEdit={onEdit} />}</span>
    </div>
  );
});

function Took({ row }: { row: Row }) {
  const seconds = secondsOf(row, row.done ? 0 : now.value);
  return <>{seconds === null ? "–" : duration(seconds)}</>;
}

/** How it ended, what it waits for, or how far it is by what earlier runs took. */
function Progress({ row, usual }: Pick<Props, "row" | "usual">) {
  if (row.state === "queued") {
    if (row.waitingFor.length > 0) return <span class="note">after {row.waitingFor.join(", ")}</span>;
    if (row.waitingUntil) return <span class="note">at {moment(row.waitingUntil).slice(11)}</span>;
    return <span class="note">waiting</span>;
  }
  if (row.done) {
    const note = row.exitCode !== null ? `exit ${row.exitCode}` : row.error ?? "";
    return <span class="note" title={row.error ?? undefined}>{note}</span>;
  }
  const kind = row.state === "paused" ? "paused" : "running";
  const share = usual ? Math.min(0.97, (secondsOf(row, now.value) ?? 0) / usual) : null;
  return <Bar share={share} kind={kind} label={`Progress of job ${row.id}, by what earlier runs took`} />;
}
