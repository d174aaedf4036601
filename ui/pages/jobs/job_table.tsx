import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Filters, isFiltered } from "../../logic/filters.ts";
import type { Row } from "../../logic/row.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { VirtualRows } from "../../parts/virtual_rows.tsx";
import type { JobList } from "../../state/job_list.ts";
import { JobRow } from "./job_row.tsx";
import { useNarrow } from "./narrow.ts";
import { idsBetween, useTableKeys } from "./table_keys.ts";
import { usualSeconds } from "./usual.ts";

interface Props {
  list: JobList;
  filters: Filters;
  selected: ReadonlySet<number>;
  onSelect: (selected: ReadonlySet<number>) => void;
  onEdit: (row: Row) => void;
}

const HEADINGS = ["State", "Job", "Labels", "Queue", "Age", "Time", "Progress", ""];
/** The row that was active when somebody left the page: they find it so when they come back. */
let lastActive: number | null = null;
/** Pixels; the style sheet has the same. */
const [WIDE, NARROW] = [34, 62];

export function JobTable({ list, filters, selected, onSelect, onEdit }: Props) {
  list.version.value;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<number | null>(lastActive);
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
  const shown = JSON.stringify(filters);
  const before = useRef(shown);
  useEffect(() => {
    // Only when others are asked for, not when the same ones are read from the address again.
    if (before.current === shown) return;
    before.current = shown;
    scroller.current!.scrollTop = 0;
    setActive(null);
  }, [shown]);
  // At once: the next key may leave the page.
  useLayoutEffect(() => {
    lastActive = active;
  }, [active]);
  const loaded = rows.length > 0;
  useLayoutEffect(() => {
    if (loaded && active !== null && list.get(active)) move(list.indexOf(active));
  }, [loaded]);

  const lastToggled = useRef<number | null>(null);
  const toggle = useCallback((id: number, range = false) => {
    const next = new Set(selected);
    const from = lastToggled.current === null ? -1 : list.indexOf(lastToggled.current);
    if (range && from >= 0) { for (const each of idsBetween(list, from, list.indexOf(id))) next.add(each); }
    else if (!next.delete(id)) next.add(id);
    lastToggled.current = id;
    onSelect(next);
  }, [selected]);

  const move = (to: number): Row | undefined => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    const row = rows[index];
    if (!row) return undefined;
    setActive(row.id);
    const element = scroller.current!;
    const top = index * height;
    const space = element.clientHeight - headingHeight(element);
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + space) element.scrollTop = top + height - space;
    return row;
  };

  const select = (ids: Iterable<number>) => onSelect(new Set(ids));
  useTableKeys({ list, scroller, height, active, move, selected, toggle, select, onEdit });
  const all = rows.length > 0 && selected.size >= rows.length && rows.every(({ id }) => selected.has(id));

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
    >
      <div class="row head" role="row">
        <span role="columnheader" class="cell c0">
          <input
            type="checkbox"
            aria-label="Select all that are loaded"
            checked={all}
            onChange={() => select(all ? [] : rows.map(({ id }) => id))}
          />
        </span>
        {HEADINGS.map((heading, i) => (
          <span key={i} role="columnheader" class={`cell c${i + 1}`}>
            {heading || <span class="unseen">Actions</span>}
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

/** What there is to say where no rows are, or where they are not what was asked for. */
function Foot({ list, filtered }: { list: JobList; filtered: boolean }) {
  if (list.failure.value) {
    return (
      <div class="list-failure" role="alert">
        <span class="failure">{list.failure.value}</span>
        <ActionButton label="Try again" onPress={() => list.again()} />
      </div>
    );
  }
  if (list.rows.length > 0 || list.loading.value) return null;
  return <p class="empty">{filtered ? "No job is like that." : "No jobs yet. Press n for the first one."}</p>;
}

function headingHeight(scroller: HTMLElement): number {
  return (scroller.firstElementChild as HTMLElement).offsetHeight;
}
