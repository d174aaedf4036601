/** Where the page is: its address, as a signal. */

import { computed, signal } from "@preact/signals";

const address = signal(here());

export const path = computed(() => new URL(address.value, location.origin).pathname);
export const query = computed(() => new URL(address.value, location.origin).searchParams);

addEventListener("popstate", () => address.value = here());

/** Goes to another page of the dashboard. `replace`: without a step to come back to, as for what is typed into a filter. */
export function go(to: string, { replace = false } = {}): void {
  if (to === address.value) return;
  if (replace) history.replaceState(null, "", to);
  else {
    history.pushState(null, "", to);
    scrollTo(0, 0);
  }
  address.value = to;
}

/** Takes a click on a link to one of the dashboard's pages; others are the browser's business. */
export function takeClick(event: MouseEvent): void {
  if (
    event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
  ) {
    return;
  }
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
  if (!isOurs(link.pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

function isOurs(path: string): boolean {
  return path === "/" || /^\/-\/(jobs\/\d+|workers|requests|keys|system)$/.test(path);
}

function here(): string {
  return location.pathname + location.search;
}
