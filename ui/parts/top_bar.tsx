import { may, session, signOut } from "../state/session.ts";
import { attempt } from "../state/notices.ts";
import { path } from "../state/place.ts";
import { switchTheme, theme } from "../state/theme.ts";
import { ConnectionNote } from "./connection_note.tsx";
import { Icon } from "./icon.tsx";
import type { Scope } from "../api/schema.ts";

const PAGES: readonly { to: string; name: string; scopes: readonly Scope[] }[] = [
  { to: "/", name: "Jobs", scopes: ["jobs:read"] },
  { to: "/-/workers", name: "Workers", scopes: ["workers:read", "files:read"] },
  { to: "/-/requests", name: "Requests", scopes: ["requests:read"] },
  { to: "/-/keys", name: "Keys", scopes: ["keys:read"] },
  { to: "/-/system", name: "System", scopes: ["admin"] },
];

/** Where one can go, who one is, and whether the server is there. Pages that the token may not see are not offered. */
export function TopBar() {
  const who = session.value;
  const current = path.value.startsWith("/-/jobs/") ? "/" : path.value;
  return (
    <header class="top">
      <a class="brand" href="/">Stint</a>
      <nav aria-label="Pages">
        {PAGES.filter(({ scopes }) => scopes.some(may)).map(({ to, name }) => (
          <a key={to} href={to} data-name={name} aria-current={to === current ? "page" : undefined}>{name}</a>
        ))}
      </nav>
      <ConnectionNote />
      <a class="docs" href="/api/docs">API</a>
      <button
        type="button"
        class="button small"
        aria-label={theme.value === "dark" ? "Light theme" : "Dark theme"}
        title={theme.value === "dark" ? "Light theme" : "Dark theme"}
        onClick={switchTheme}
      >
        <Icon name={theme.value === "dark" ? "sun" : "moon"} />
      </button>
      {who && who !== "unknown" && who.name !== "anonymous" && (
        <button
          type="button"
          class="button"
          title={`Signed in as ${who.name}`}
          onClick={() => attempt(signOut)}
        >
          Sign out
        </button>
      )}
    </header>
  );
}
