/** Which jobs a list shows: as the search box has it, as the page's address has it, and as the API is asked. */

import type { JobState } from "../api/schema.ts";

export const STATES: readonly JobState[] = [
  "queued",
  "running",
  "paused",
  "succeeded",
  "failed",
  "terminated",
  "timed_out",
  "lost",
];

export const SORTS = ["-created", "created", "-duration", "-ended"] as const;
export type Sort = typeof SORTS[number];

export interface Filters {
  /** Words in the command, the name or the labels. */
  readonly q: string;
  /** Words in the output. */
  readonly output: string;
  readonly states: readonly JobState[];
  /** `name:value` */
  readonly labels: readonly string[];
  readonly queue: string;
  readonly exitCode: string;
  readonly sort: Sort;
}

export const NO_FILTERS: Filters = {
  q: "",
  output: "",
  states: [],
  labels: [],
  queue: "",
  exitCode: "",
  sort: "-created",
};

/** Reads an address's query; what makes no sense there is left out. */
export function filtersOf(query: URLSearchParams): Filters {
  const states = (query.get("state") ?? "").split(",");
  const sort = query.get("sort") as Sort;
  return {
    q: query.get("q") ?? "",
    output: query.get("output") ?? "",
    states: STATES.filter((state) => states.includes(state)),
    labels: query.getAll("label").filter((label) => label.includes(":")),
    queue: query.get("queue") ?? "",
    exitCode: /^\d{1,3}$/.test(query.get("exit_code") ?? "") ? query.get("exit_code")! : "",
    sort: SORTS.includes(sort) ? sort : "-created",
  };
}

/** As an address's query, which is also what the API takes. */
export function queryOf(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  const { q, output, states, labels, queue, exitCode, sort } = filters;
  if (q) query.set("q", q);
  if (output) query.set("output", output);
  if (states.length > 0) query.set("state", states.join(","));
  for (const label of labels) query.append("label", label);
  if (queue) query.set("queue", queue);
  if (exitCode) query.set("exit_code", exitCode);
  if (sort !== "-created") query.set("sort", sort);
  return query;
}

/** `backup label:team:ops queue:nightly exit:1 output:"no such file"` */
export function searchText({ q, output, labels, queue, exitCode }: Filters): string {
  const parts = [
    q,
    ...labels.map((label) => `label:${quoted(label)}`),
    queue && `queue:${quoted(queue)}`,
    exitCode && `exit:${exitCode}`,
    output && `output:${quoted(output)}`,
  ];
  return parts.filter(Boolean).join(" ");
}

/** The filters of a search box's text; states and order stay as they are. */
export function withSearch(filters: Filters, text: string): Filters {
  const words: string[] = [];
  const found = { labels: [] as string[], queue: "", exitCode: "", output: "" };
  for (const [all, name, open, plain] of text.matchAll(/(?:(label|queue|exit|output):)?(?:"([^"]*)"?|(\S+))/g)) {
    const value = open ?? plain!;
    if (name === "label" && value.includes(":")) found.labels.push(value);
    else if (name === "queue") found.queue = value;
    else if (name === "exit" && /^\d{1,3}$/.test(value)) found.exitCode = value;
    else if (name === "output") found.output = found.output ? `${found.output} ${value}` : value;
    else if (all.trim()) words.push(all.trim());
  }
  return { ...filters, ...found, q: words.join(" ") };
}

/** Whether anything is left out. */
export function isFiltered(filters: Filters): boolean {
  return searchText(filters) !== "" || filters.states.length > 0;
}

function quoted(text: string): string {
  return /\s/.test(text) ? `"${text.replaceAll('"', "")}"` : text;
}
