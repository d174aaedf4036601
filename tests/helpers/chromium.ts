/** A real Chromium, headless, with a profile of its own: `await using chromium = await startChromium()`. */

import { type Browser, type BrowserContext, chromium as protocol } from "playwright-core";
import { eventually } from "./eventually.ts";
import { isInstalled } from "./shell.ts";

/** What Debian calls it, or what `STINT_CHROMIUM` names. */
const PROGRAM = Deno.env.get("STINT_CHROMIUM") ?? "chromium";

export interface ChromiumOptions {
  /** Host names that lead to addresses they do not have in DNS: `{ "evil.example": "127.0.0.1" }`. */
  hosts?: Record<string, string>;
  /** Added to the command line. */
  args?: string[];
}

export interface Chromium extends AsyncDisposable {
  readonly pid: number;
  readonly browser: Browser;
  /** The profile's own context: its pages share cookies and storage, as somebody's tabs do. */
  readonly context: BrowserContext;
}

/** Starts it and connects to it. When the test is over it is closed, and its profile is gone. */
export async function startChromium({ hosts = {}, args = [] }: ChromiumOptions = {}): Promise<Chromium> {
  if (!isInstalled(PROGRAM)) throw new Error(`${PROGRAM} is not installed (Debian: apt-get install chromium)`);
  const profile = await Deno.makeTempDir({ prefix: "stint-chromium-" });
  const log = `${profile}/log`;
  const rules = Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`);
  // The output goes to a file: a pipe would need somebody who reads it all the time.
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      'log="$1"; shift; exec "$@" >"$log" 2>&1',
      "chromium",
      log,
      PROGRAM,
      ...QUIET,
      // Its own sandbox cannot be had as root, nor in most containers.
      ...(Deno.uid() === 0 ? ["--no-sandbox"] : []),
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(",")}`] : []),
      `--user-data-dir=${profile}/data`,
      ...args,
      "about:blank",
    ],
    env: { HOME: profile, LC_ALL: "C.UTF-8" },
    stdin: "null",
  }).spawn();
  let exited = false;
  child.status.then(() => exited = true);
  const close = async (browser?: Browser) => {
    // Takes leave only: the program was not started by it.
    await browser?.close();
    if (!exited) child.kill("SIGTERM");
    const limit = setTimeout(() => !exited && child.kill("SIGKILL"), 20_000);
    await child.status;
    clearTimeout(limit);
    // Its helpers write into the profile for a moment longer than it lives.
    await eventually("the profile is gone", () => Deno.remove(profile, { recursive: true }).then(() => true));
  };
  try {
    const address = await eventually("Chromium says where it listens", async () => {
      if (exited) return "";
      const [port, path] = (await Deno.readTextFile(`${profile}/data/DevToolsActivePort`)).split("\n");
      return path ? `ws://127.0.0.1:${port}${path}` : undefined;
    }, 60_000);
    if (address === "") throw new Error(`Chromium did not start: ${await Deno.readTextFile(log)}`);
    const browser = await protocol.connectOverCDP(address);
    return {
      pid: child.pid,
      browser,
      context: browser.contexts()[0]!,
      [Symbol.asyncDispose]: () => close(browser),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nothing but what the test asks for: no news from its makers, no welcome, no GPU, no keyring. */
const QUIET = [
  "--headless=new",
  "--remote-debugging-port=0",
  "--no-first-run",
  "--no-default-browser-check",
  "--no-proxy-server",
  "--disable-background-networking",
  "--disable-breakpad",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-gpu",
  "--disable-sync",
  "--metrics-recording-only",
  "--mute-audio",
  "--password-store=basic",
  "--use-mock-keychain",
];
