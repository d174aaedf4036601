import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { filtersOf, queryOf } from "../../logic/filters.ts";
import { epoch, freshness, onEvents } from "../../state/feed.ts";
import { JobList } from "../../state/job_list.ts";
import { go, query } from "../../state/place.ts";
import { may } from "../../state/session.ts";
import { BulkBar } from "./bulk_bar.tsx";
import { FilterBar } from "./filter_bar.tsx";
import { JobTable } from "./job_table.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { SubmitDialog } from "./submit_dialog.tsx";
import { EditDialog } from "./edit_dialog.tsx";
import type { Row } from "../../logic/row.ts";

type Window = { kind: "submit" } | { kind: "help" } | { kind: "edit"; row: Row } | null;

/** All jobs: found, watched and controlled. What is shown is in the address, so that it can be passed on. */
export function JobsPage() {
  const list = useMemo(() => new JobList(), []);
  const text = query.value.toString();
  const filters = useMemo(() => filtersOf(new URLSearchParams(text)), [text]);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [open, setOpen] = useState<Window>(null);
  const search = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const stop = onEvents((events) => list.take(events));
    return () => {
      stop();
      list.close();
    };
  }, []);
  const version = epoch.value;
  // The list is read once the stream is there: what changes in between comes through it.
  useEffect(() => {
    if (version > 0) list.show(filters);
  }, [filters, version]);
  useEffect(() => {
    if (list.failure.value) list.again();
  }, [freshness.value]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/") search.current!.focus();
      else if (event.key === "?") setOpen({ kind: "help" });
      else if (event.key === "n" && may("jobs:write")) setOpen({ kind: "submit" });
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const close = () => setOpen(null);
  return (
    <div class="page jobs-page">
      <FilterBar
        filters={filters}
        onChange={(next, step = false) => {
          const asked = queryOf(next).toString();
          go(asked ? `/?${asked}` : "/", { replace: !step });
        }}
        search={search}
        onSubmit={() => setOpen({ kind: "submit" })}
        onHelp={() => setOpen({ kind: "help" })}
      />
      <JobTable
        list={list}
        filters={filters}
        selected={selected}
        onSelect={setSelected}
        onEdit={(row) => setOpen({ kind: "edit", row })}
      />
      <BulkBar list={list} selected={selected} onSelect={setSelected} />
      {open?.kind === "submit" && <SubmitDialog onClose={close} />}
      {open?.kind === "help" && <Shortcuts onClose={close} />}
      {open?.kind === "edit" && <EditDialog id={open.row.id} onClose={close} />}
    </div>
  );
}
