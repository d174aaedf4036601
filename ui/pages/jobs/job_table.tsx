import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Filters, isFiltered } from "../../logic/filters.ts";
import type { Row } from "../../logic/row.ts";
import { VirtualRows } from "../../parts/virtual_rows.tsx";
import { actOn, applies } from "../../state/job_actions.ts";
import type { JobList } from "../../state/job_list.ts";
import { attempt } from "../../state/notices.ts";
import { go } from "../../state/place.ts";
import { may } from "../../state/session.ts";
import { JobRow } from "./job_row.tsx";
import { useNarrow } from "./narrow.ts";
import { usualSeconds } from "./usual.ts";

interface Props {
  list: JobList;
  filters: Filters;
  selected: ReadonlySet<number>;
  onSelect: (selected: ReadonlySet<number>) => void;
  onEdit: (row: Row) => void;
}

const HEADINGS = ["", "State", "Job", "Labels", "Queue", "Age", "Time", "Progress", ""];
/** Pixels; the style sheet has the same. */
const [WIDE, NARROW] = [34, 62];

export function JobTable({ list, filters, selected, onSelect, onEdit }: Props) {
  list.version.value;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<number | null>(null);
  const narrow = useNarrow();
  const height = narrow ? NARROW : WIDE;
  const { rows } = list;
  const usual = useMemo(() => usualSeconds(rows), [list.version.value >> 4, rows]);

  useLayoutEffect(() => {
    // Rows that come in above what somebody looks at push it down: so is what they see.
    list.onShift = (count) => {
      const element = scroller.current;
      if (element && element.scrollTop > height) element.scrollTop += count * height;
    };
  }, [height]);
  useEffect(() => {
    scroller.current!.scrollTop = 0;
    setActive(null);
  }, [filters]);

  const toggle = useCallback((id: number) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  }, [selected]);

  const move = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    const row = rows[index];
    if (!row) return;
    setActive(row.id);
    const element = scroller.current!;
    const top = index * height;
    const space = element.clientHeight - headingHeight(element);
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + space) element.scrollTop = top + height - space;
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = active === null ? -1 : list.indexOf(active);
    const row = rows[index];
    const page = Math.floor(scroller.current!.clientHeight / height) - 1;
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      j: index + 1,
      ArrowUp: index - 1,
      k: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1,
    };
    if (event.key in steps) move(steps[event.key]!);
    else if (row && event.key === "Enter") go(`/-/jobs/${row.id}`);
    else if (row && event.key === " ") toggle(row.id);
    else if (event.key === "Escape") onSelect(new Set());
    else if (row && may("jobs:write") && !act(row, event.key)) return;
    else if (!row) return;
    event.preventDefault();
  };
  const act = (row: Row, key: string): boolean => {
    const action = key === "p"
      ? (row.state === "paused" ? "resume" : "pause")
      : key === "x"
      ? "kill"
      : key === "r"
      ? "rerun"
      : null;
    if (key === "e" && row.state === "queued") onEdit(row);
    else if (action && applies(action, row)) attempt(() => actOn(row.id, action), `${action}: job ${row.id}`);
    else return false;
    return true;
  };

  return (
    <div
      ref={scroller}
      id="job-grid"
      class="grid-scroll"
      role="grid"
      aria-label="Jobs"
      aria-rowcount={list.complete ? rows.length + 1 : -1}
      aria-multiselectable="true"
      aria-activedescendant={active === null ? undefined : `job-${active}`}
      aria-busy={list.loading.value}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div class="row head" role="row">
        {HEADINGS.map((heading, i) => (
          <span key={i} role="columnheader" class={`cell c${i}`}>
            {heading || <span class="unseen">{i === 0 ? "Selected" : "Actions"}</span>}
          </span>
        ))}
      </div>
      <VirtualRows
        scroller={scroller}
        count={rows.length}
        height={height}
        onSeen={(first, last) => {
          list.top = first;
          list.reach(last);
        }}
        row={(index, top) => {
          const row = rows[index]!;
          return (
            <JobRow
              key={row.id}
              row={row}
              index={index}
              top={top}
              active={row.id === active}
              selected={selected.has(row.id)}
              usual={usual.get(row.command)}
              onToggle={toggle}
              onEdit={onEdit}
            />
          );
        }}
      />
      <Foot list={list} filtered={isFiltered(filters)} />
    </div>
  );
}

/** What there is to say where no rows are. */
function Foot({ list, filtered }: { list: JobList; filtered: boolean }) {
  if (list.failure.value) return <p class="empty failure" role="alert">{list.failure.value}</p>;
  if (list.rows.length > 0 || list.loading.value) return null;
  return <p class="empty">{filtered ? "No job is like that." : "No jobs yet. Press n for the first one."}</p>;
}

function headingHeight(scroller: HTMLElement): number {
  return (scroller.firstElementChild as HTMLElement).offsetHeight;
}
