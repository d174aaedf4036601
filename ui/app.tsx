/** The page that the address asks for, once it is known who asks. */

import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { Scope } from "./api/schema.ts";
import { JobPage } from "./pages/job/job_page.tsx";
import { JobsPage } from "./pages/jobs/jobs_page.tsx";
import { KeysPage } from "./pages/keys/keys_page.tsx";
import { RequestsPage } from "./pages/requests/requests_page.tsx";
import { SignIn, SignInAgain } from "./pages/sign_in.tsx";
import { SystemPage } from "./pages/system/system_page.tsx";
import { WorkersPage } from "./pages/workers/workers_page.tsx";
import { Notices } from "./parts/notices.tsx";
import { TopBar } from "./parts/top_bar.tsx";
import { freshness, startFeed, stopFeed } from "./state/feed.ts";
import { path } from "./state/place.ts";
import { checkSession, expired, may, session } from "./state/session.ts";

const PAGES: Record<string, { title: string; page: ComponentType; scopes: readonly Scope[] }> = {
  "/": { title: "Jobs", page: JobsPage, scopes: ["jobs:read"] },
  "/-/workers": { title: "Workers and files", page: WorkersPage, scopes: ["workers:read", "files:read"] },
  "/-/requests": { title: "Held requests", page: RequestsPage, scopes: ["requests:read"] },
  "/-/keys": { title: "Keys", page: KeysPage, scopes: ["keys:read"] },
  "/-/system": { title: "System", page: SystemPage, scopes: ["admin"] },
};

export function App() {
  const who = session.value;
  const signedIn = who !== null && who !== "unknown";
  const name = signedIn ? who.name : "";
  const over = expired.value;
  useEffect(() => {
    if (!signedIn || over) return;
    startFeed();
    return stopFeed;
  }, [signedIn, name, over]);
  useEffect(() => {
    if (freshness.value > 1) checkSession();
  }, [freshness.value]);
  if (who === null) return <SignIn />;
  return (
    <>
      <a class="skip" href="#main">Skip to the content</a>
      <TopBar />
      {signedIn ? <Page key={name} /> : <main id="main" aria-busy="true" />}
      <Notices />
      {over && <SignInAgain />}
    </>
  );
}

function Page() {
  const job = /^\/-\/jobs\/(\d+)$/.exec(path.value)?.[1];
  const entry = PAGES[path.value];
  const scopes: readonly Scope[] = job ? ["jobs:read"] : entry?.scopes ?? [];
  const title = job ? `Job ${job}` : entry?.title ?? "Nothing here";
  useEffect(() => {
    document.title = `${title} · Stint`;
  }, [title]);
  const allowed = scopes.some(may);
  return (
    <main id="main" tabIndex={-1}>
      {!allowed
        ? <p class="empty">The token that you are signed in with may not see this page.</p>
        : job
        ? <JobPage key={job} id={Number(job)} />
        : entry && <entry.page />}
    </main>
  );
}
