/** The time, each second, for what shows how long something takes. Stands still while nobody looks. */

import { signal } from "@preact/signals";

export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);
document.addEventListener("visibilitychange", () => now.value = Date.now());
