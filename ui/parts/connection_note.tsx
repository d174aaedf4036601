import { connection } from "../state/feed.ts";

/** Says when what is shown is no longer up to date. Its place is kept, so that nothing jumps. */
export function ConnectionNote() {
  const state = connection.value;
  return (
    <span class={`connection ${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      <span class="words">
        {state === "live" ? "live" : state === "lost" ? "server away, reconnecting…" : "connecting…"}
      </span>
    </span>
  );
}
