/**
 * Takes the pictures of the dashboard that the README shows, `docs/screenshots/`: `deno task screenshots`, or those of
 * this very state into a folder that is named. Needs Chromium.
 */

import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { startChromium } from "../tests/helpers/chromium.ts";
import { remove, run, submit, untilState } from "../tests/helpers/jobs.ts";
import { type Service, startService } from "../tests/helpers/service.ts";

const target = Deno.args[0] ? resolve(Deno.args[0]) : new URL("../docs/screenshots", import.meta.url).pathname;

const BUILD =
  "i=0; while [ $i -lt 4000 ]; do i=$((i+1)); printf '\\033[36m[%02d:%02d]\\033[0m \\033[32mok\\033[0m  compiled module %d " +
  '— проверено 🎉\\n\' $((i/60%60)) $((i%60)) $i; [ $((i%9)) -eq 0 ] && echo "warning: module $i uses a deprecated call" >&2; sleep 0.04; done';

/** Something of everything. Answers the ids of what still runs. */
async function fill(service: Service): Promise<number[]> {
  const team = (name: string, host: string) => ({ team: name, host });
  await run(service, { command: "pg_dump --version || true", name: "Nightly dump", labels: team("data", "db-1") });
  await run(service, { command: "echo 'disk full' >&2; exit 28", name: "Upload report", labels: team("web", "web-2") });
  for (let i = 1; i <= 12; i++) {
    await run(service, {
      command: `rsync -a /srv/site-${i}/ backup:/srv/site-${i}/ 2>/dev/null; ${i % 5 === 0 ? "exit 23" : "true"}`,
      ...(i % 3 === 0 && { name: `Резервная копия ${i}` }),
      labels: team(i % 2 ? "ops" : "web", `web-${i % 4 + 1}`),
    });
  }
  const building = await submit(service, { command: BUILD, name: "Build the release", labels: team("core", "ci-1") });
  const held = await submit(service, {
    command: "sleep 3600",
    name: "Reindex the archive",
    labels: team("data", "db-1"),
  });
  await service.call("PATCH", `/api/jobs/${held.job_id}`, { json: { state: "paused" } });
  await submit(service, { command: "sleep 3600", labels: team("ops", "web-3"), timeout: 7200 });
  await service.call("GET", "/new_job");
  await service.call("PUT", "/api/queues/nightly", { json: { slots: 2 } });
  await submit(service, { command: "make test", name: "Test the release", queue: "nightly", after: [building.job_id] });
  await submit(service, { command: "sleep 10", queue: "nightly", priority: 5 });
  await untilState(service, held.job_id, "paused");
  for (
    const [key, value] of Object.entries({
      greeting: "hello world!",
      release: "2026.11.2",
      leader: "web-2",
      counter: "4711",
    })
  ) {
    await service.call("PUT", `/${key}`, { body: value });
  }
  for (const name of ["report.pdf", "архив.tar.gz"]) {
    const id = (await service.call("GET", "/new_job")).json<Record<string, string>>()["worker-id"];
    await service.call("POST", `/upload/new/${id}?name=${encodeURIComponent(name)}`, { body: "x".repeat(50_000) });
  }
  return [building.job_id];
}

async function take(page: Page, name: string): Promise<void> {
  // The pointer's own style would have to be put into the page, which its policy refuses.
  await page.screenshot({ path: `${target}/${name}.png`, caret: "initial" });
}

await using service = await startService({ args: ["--slots", "6"] });
await using chromium = await startChromium();
await Deno.mkdir(target, { recursive: true });
const page = chromium.context.pages()[0]!;
const [building] = await fill(service);
const holds = [[19, 600], [20, 240], [42, 90]].map(([id, timeout]) =>
  service.call("GET", `/api/request?connId=${id}&timeout=${timeout}`)
);
const pages = {
  jobs: "/",
  job: `/-/jobs/${building}`,
  workers: "/-/workers",
  requests: "/-/requests",
  keys: "/-/keys?key=release",
  system: "/-/system",
};
for (const theme of ["light", "dark"] as const) {
  await page.emulateMedia({ colorScheme: theme });
  for (const [width, height, suffix] of [[1280, 760, ""], [390, 760, "-phone"]] as const) {
    await page.setViewportSize({ width, height });
    for (const [name, path] of Object.entries(pages)) {
      if (suffix && !["jobs", "job"].includes(name)) continue;
      await page.goto(service.url + path);
      await page.locator(".connection.live").waitFor();
      // Charts need some points.
      await new Promise((resolve) => setTimeout(resolve, name === "job" || name === "system" ? 9000 : 1000));
      await take(page, `${name}-${theme}${suffix}`);
    }
  }
}
for (const connId of [19, 20, 42]) await service.call("PUT", "/api/kill", { json: { connId } });
await Promise.all(holds);
const { jobs } = (await service.call("GET", "/api/jobs?state=queued,running,paused")).json<
  { jobs: { job_id: number }[] }
>();
await remove(service, ...jobs.map(({ job_id }) => job_id));
