import type { RefObject } from "preact";
import { type Filters, isFiltered, NO_FILTERS, type Sort, STATES } from "../../logic/filters.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { may } from "../../state/session.ts";
import { SearchBox } from "./search_box.tsx";

interface Props {
  filters: Filters;
  /** `step`: one to come back from, other than a letter that is typed. */
  onChange: (filters: Filters, step?: boolean) => void;
  search: RefObject<HTMLInputElement | null>;
  onSubmit: () => void;
  onHelp: () => void;
}

const SORT_NAMES: Record<Sort, string> = {
  "-created": "Newest first",
  "created": "Oldest first",
  "-duration": "Longest first",
  "-ended": "Last ended first",
};

export function FilterBar({ filters, onChange, search, onSubmit, onHelp }: Props) {
  const toggle = (state: Filters["states"][number]) => {
    const states = filters.states.includes(state)
      ? filters.states.filter((each) => each !== state)
      : [...filters.states, state];
    onChange({ ...filters, states }, true);
  };
  return (
    <div class="filters">
      <SearchBox filters={filters} onChange={onChange} input={search} />
      <div class="chips" role="group" aria-label="States">
        {STATES.map((state) => (
          <button
            type="button"
            key={state}
            class={`chip state-${state}`}
            aria-pressed={filters.states.includes(state)}
            onClick={() => toggle(state)}
          >
            <span class="dot" aria-hidden="true" />
            {state.replace("_", " ")}
          </button>
        ))}
      </div>
      <select
        aria-label="Order"
        value={filters.sort}
        onChange={(event) => onChange({ ...filters, sort: event.currentTarget.value as Sort }, true)}
      >
        {Object.entries(SORT_NAMES).map(([sort, name]) => <option key={sort} value={sort}>{name}</option>)}
      </select>
      <button
        type="button"
        class="button"
        disabled={!isFiltered(filters)}
        onClick={() => onChange({ ...NO_FILTERS, sort: filters.sort }, true)}
      >
        Clear
      </button>
      <button
        type="button"
        class="button small"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={onHelp}
      >
        ?
      </button>
      {may("jobs:write") && (
        <ActionButton label="New job" icon="plus" kind="primary" onPress={onSubmit} title="New job (n)" />
      )}
    </div>
  );
}
