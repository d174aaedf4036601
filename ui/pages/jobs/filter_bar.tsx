import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  type Filters,
  isFiltered,
  NO_FILTERS,
  searchText,
  type Sort,
  STATES,
  withSearch,
} from "../../logic/filters.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { may } from "../../state/session.ts";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
  search: RefObject<HTMLInputElement | null>;
  onSubmit: () => void;
  onHelp: () => void;
}

/** From the last key to the question: a word is not asked for letter by letter. */
const PAUSE_MS = 150;

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
    onChange({ ...filters, states });
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
        onChange={(event) => onChange({ ...filters, sort: event.currentTarget.value as Sort })}
      >
        {Object.entries(SORT_NAMES).map(([sort, name]) => <option key={sort} value={sort}>{name}</option>)}
      </select>
      <button
        type="button"
        class="button"
        disabled={!isFiltered(filters)}
        onClick={() => onChange({ ...NO_FILTERS, sort: filters.sort })}
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

type BoxProps = Pick<Props, "filters" | "onChange"> & { input: RefObject<HTMLInputElement | null> };

/** What is typed goes into the filters as it is typed, words either into the command's or into the output's search. */
function SearchBox({ filters, onChange, input }: BoxProps) {
  const inOutput = filters.output !== "" && filters.q === "";
  const [where, setWhere] = useState<"command" | "output">(inOutput ? "output" : "command");
  const shown = where === "output" && !filters.q ? outputText(filters) : searchText(filters);
  const [text, setText] = useState(shown);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const current = useRef({ filters, onChange });
  current.current = { filters, onChange };
  const apply = (words: string, place = where) => {
    const next = withSearch(current.current.filters, words);
    const output = [next.q, next.output].filter(Boolean).join(" ");
    current.current.onChange(place === "output" ? { ...next, q: "", output } : next);
  };
  // The address changed otherwise: back, or cleared.
  useEffect(() => {
    if (document.activeElement !== input.current) setText(shown);
  }, [shown]);
  const later = (words: string) => {
    setText(words);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => apply(words), PAUSE_MS);
  };
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        aria-label="Search"
        placeholder={where === "output" ? "Words that jobs printed" : "Command, name, label:team:ops, queue:x, exit:1"}
        title="label:name:value, queue:name, exit:code and output:word narrow it down"
        value={text}
        onInput={(event) => later(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") later("");
          if (event.key === "Enter" || event.key === "ArrowDown") document.getElementById("job-grid")?.focus();
        }}
      />
      <select
        aria-label="Search in"
        value={where}
        onChange={(event) => {
          const place = event.currentTarget.value as typeof where;
          setWhere(place);
          apply(text.replaceAll(/\boutput:/g, ""), place);
        }}
      >
        <option value="command">in commands</option>
        <option value="output">in output</option>
      </select>
    </div>
  );
}

function outputText(filters: Filters): string {
  return searchText({ ...filters, q: filters.output, output: "" });
}
