import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Filters, searchText, withSearch } from "../../logic/filters.ts";
import { Icon } from "../../parts/icon.tsx";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
  input: RefObject<HTMLInputElement | null>;
}

/** From the last key to the question: a word is not asked for letter by letter. */
const PAUSE_MS = 150;

/** What is typed goes into the filters as it is typed, words either into the command's or into the output's search. */
export function SearchBox({ filters, onChange, input }: Props) {
  const inOutput = filters.output !== "" && filters.q === "";
  const [where, setWhere] = useState<"command" | "output">(inOutput ? "output" : "command");
  const shown = textOf(filters, where);
  const [text, setText] = useState(shown);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const current = useRef({ filters, onChange });
  current.current = { filters, onChange };
  /** What the filters look like that were asked for from here. */
  const asked = useRef(shown);
  const apply = (words: string, place = where) => {
    const next = withSearch(current.current.filters, words);
    const output = [next.q, next.output].filter(Boolean).join(" ");
    const wanted = place === "output" ? { ...next, q: "", output } : next;
    asked.current = textOf(wanted, place);
    current.current.onChange(wanted);
  };
  // The address changed otherwise: back, or cleared.
  useEffect(() => {
    if (shown === asked.current) return;
    asked.current = shown;
    clearTimeout(timer.current);
    setText(shown);
  }, [shown]);
  useEffect(() => () => clearTimeout(timer.current), []);
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

function textOf(filters: Filters, where: "command" | "output"): string {
  return where === "output" && !filters.q
    ? searchText({ ...filters, q: filters.output, output: "" })
    : searchText(filters);
}
