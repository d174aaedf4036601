/** Signals (signal(7)) by name and number. */

import { constants } from "node:os";

export interface Signal {
  /** `SIGUSR1`; a real-time signal is `SIGRTMIN`, `SIGRTMIN+1`, … */
  name: string;
  number: number;
}

/** Other names of SIGABRT, SIGIO and SIGSYS. */
const ALIASES = new Set(["SIGIOT", "SIGPOLL", "SIGUNUSED"]);

const NUMBERS = new Map<string, number>(Object.entries(constants.signals));
const NAMES = new Map<number, string>();
for (const [name, number] of NUMBERS) if (!ALIASES.has(name)) NAMES.set(number, name);

/** Real-time signals as glibc numbers them on Linux; the two before belong to the C library. */
const REAL_TIME = { first: 34, last: 64 };
for (let number = REAL_TIME.first; NUMBERS.has("SIGPWR") && number <= REAL_TIME.last; number++) {
  const above = number - REAL_TIME.first;
  const below = REAL_TIME.last - number;
  const name = above === 0 ? "SIGRTMIN" : below === 0 ? "SIGRTMAX" : `SIGRTMIN+${above}`;
  NAMES.set(number, name);
  NUMBERS.set(name, number);
  if (below > 0) NUMBERS.set(`SIGRTMAX-${below}`, number);
}

/** The signal that `text` names, with or without `SIG`, in either case, or by its number; nothing if there is none. */
export function parseSignal(text: string | number): Signal | undefined {
  if (typeof text === "number" || /^\d{1,3}$/.test(text)) return ofNumber(Number(text));
  const upper = text.toUpperCase();
  const number = NUMBERS.get(upper.startsWith("SIG") ? upper : `SIG${upper}`);
  return number === undefined ? undefined : ofNumber(number);
}

/** The name of a signal by its number. */
export function signalName(number: number): string | undefined {
  return NAMES.get(number);
}

function ofNumber(number: number): Signal | undefined {
  const name = NAMES.get(number);
  return name === undefined ? undefined : { name, number };
}
