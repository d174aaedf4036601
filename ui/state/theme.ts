/** Dark or light: as the system has it, until somebody chooses. */

import { effect, signal } from "@preact/signals";

export type Theme = "dark" | "light";

const PLACE = "stint.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export const theme = signal<Theme>(current());
system.addEventListener("change", () => theme.value = current());

/** Chooses the other one; the system's own is no choice and is forgotten. */
export function switchTheme(): void {
  const next = theme.value === "dark" ? "light" : "dark";
  const root = document.documentElement;
  if (next === (system.matches ? "dark" : "light")) {
    delete root.dataset.theme;
    localStorage.removeItem(PLACE);
  } else {
    root.dataset.theme = next;
    localStorage.setItem(PLACE, next);
  }
  theme.value = next;
}

/** Calls `listener` now and whenever the theme changes; the answer stops that. */
export function onTheme(listener: (theme: Theme) => void): () => void {
  return effect(() => listener(theme.value));
}

function current(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "dark" || chosen === "light" ? chosen : system.matches ? "dark" : "light";
}
