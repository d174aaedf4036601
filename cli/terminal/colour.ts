/** Colours, where they are wanted. */

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, reverse: 7 } as const;
export type Colour = keyof typeof CODES;

export type When = "auto" | "always" | "never";

/** Colours text, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

export const paint: Paint = (colour, text) => text === "" ? "" : `\x1b[${CODES[colour]}m${text}\x1b[0m`;
export const noPaint: Paint = (_colour, text) => text;

/** `--color` goes before NO_COLOR (no-color.org) and a terminal that can none; else a terminal is coloured. */
export function wantsColour(when: When, isTerminal: boolean, env: (name: string) => string | undefined): boolean {
  if (when !== "auto") return when === "always";
  return isTerminal && !env("NO_COLOR") && env("TERM") !== "dumb";
}

const STATES: Record<string, Colour> = {
  queued: "yellow",
  running: "cyan",
  paused: "magenta",
  succeeded: "green",
  failed: "red",
  terminated: "dim",
  timed_out: "red",
  lost: "red",
};

/** The colour of a job's state. */
export function colourOf(state: string): Colour {
  return STATES[state] ?? "bold";
}
