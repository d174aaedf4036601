/** The keyboard of the table of jobs. */

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Row } from "../../logic/row.ts";
import { ACTION_NAMES, actOn, applies, type JobAction } from "../../state/job_actions.ts";
import type { JobList } from "../../state/job_list.ts";
import { attempt } from "../../state/notices.ts";
import { go } from "../../state/place.ts";
import { mayTouch } from "../../state/session.ts";

export interface TableKeys {
  list: JobList;
  scroller: RefObject<HTMLElement | null>;
  /** Of a row, in pixels. */
  height: number;
  active: number | null;
  /** Makes the row at an index, or the nearest there is, the active one, and shows it. */
  move: (to: number) => Row | undefined;
  selected: ReadonlySet<number>;
  toggle: (id: number) => void;
  select: (ids: Iterable<number>) => void;
  onEdit: (row: Row) => void;
}

/** From here on keys work in the table, and where nothing else has the keyboard. */
export function useTableKeys(keys: TableKeys): void {
  const current = useRef(keys);
  current.current = keys;
  /** Where the active row stood: it may have left the list since, and the next one is there now. */
  const place = useRef(-1);
  const index = keys.active === null ? -1 : keys.list.indexOf(keys.active);
  if (index >= 0 || keys.active === null) place.current = index;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event, current.current, place.current);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

function onKey(event: KeyboardEvent, keys: TableKeys, place: number): void {
  const { list, scroller, active, select } = keys;
  const { key, target } = event;
  const grid = scroller.current!;
  if (event.altKey || !(target instanceof Element) || document.querySelector("dialog[open]")) return;
  if (!grid.contains(target) && target !== document.body && target.id !== "main") return;
  if (event.ctrlKey || event.metaKey) {
    if (key !== "a" || target !== grid) return;
    select(list.rows.map(({ id }) => id));
    return event.preventDefault();
  }
  // A button or a box in a row does what it is for.
  if ((key === "Enter" || key === " ") && target.closest("a, button, input")) return;
  const row = active === null ? undefined : list.get(active);
  if (step(event, keys, row ? place : place - (key === "ArrowDown" || key === "j" ? 1 : 0))) {
    if (target !== grid) grid.focus();
  } else if (key === "Escape") select([]);
  else if (!row || !act(row, key, keys)) return;
  event.preventDefault();
}

/** Goes through the rows; with the shift key all that is gone over is selected. */
function step({ key, shiftKey }: KeyboardEvent, keys: TableKeys, at: number): boolean {
  const { list, scroller, height } = keys;
  const page = Math.floor(scroller.current!.clientHeight / height) - 1;
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    j: at + 1,
    ArrowUp: at - 1,
    k: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: list.rows.length - 1,
  };
  if (!(key in steps)) return false;
  const to = keys.move(steps[key]!);
  if (shiftKey && to) keys.select([...keys.selected, ...idsBetween(list, at, list.indexOf(to.id))]);
  return true;
}

/** Ids of all rows from one index to another, both included. */
export function idsBetween({ rows }: Pick<JobList, "rows">, one: number, other: number): number[] {
  return rows.slice(Math.max(0, Math.min(one, other)), Math.max(one, other) + 1).map(({ id }) => id);
}

const ACTIONS: Record<string, JobAction> = { p: "pause", x: "kill", r: "rerun" };

/** Does to the active row what the key says; whether it says anything. */
function act(row: Row, key: string, { toggle, onEdit }: TableKeys): boolean {
  if (key === "Enter") go(`/-/jobs/${row.id}`);
  else if (key === " ") toggle(row.id);
  else if (!mayTouch(row.command)) return false;
  else if (key === "e" && row.state === "queued") onEdit(row);
  else if (key in ACTIONS) {
    const action = key === "p" && row.state === "paused" ? "resume" : ACTIONS[key]!;
    if (!applies(action, row)) return false;
    attempt(() => actOn(row.id, action), `${ACTION_NAMES[action]}: job ${row.id}.`);
  } else return false;
  return true;
}
