/** The dashboard as somebody has it before him: a real service and a real browser. */

import type { Page } from "playwright-core";
import { type Chromium, startChromium } from "./chromium.ts";
import { type Service, type ServiceOptions, startService } from "./service.ts";

export interface Dashboard extends AsyncDisposable {
  service: Service;
  chromium: Chromium;
  page: Page;
  /** What the browser complained of: violations of the page's policy, and errors that nobody caught. */
  complaints: string[];
}

export interface DashboardOptions extends ServiceOptions {
  width?: number;
  height?: number;
  theme?: "light" | "dark";
}

/** Opens nothing yet: go to a page with `visit`. */
export async function openDashboard(
  { width = 1440, height = 900, theme = "light", ...options }: DashboardOptions = {},
): Promise<Dashboard> {
  const service = await startService(options);
  let chromium: Chromium | undefined;
  try {
    chromium = await startChromium();
    const page = chromium.context.pages()[0] ?? await chromium.context.newPage();
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error.stack)));
    page.on("console", (message) => {
      const text = message.text();
      if (/Content Security Policy|Trusted ?(HTML|Type)/.test(text) && !complaints.includes(text)) {
        complaints.push(text);
      }
    });
    const opened = chromium;
    return {
      service,
      chromium: opened,
      page,
      complaints,
      async [Symbol.asyncDispose]() {
        await opened[Symbol.asyncDispose]();
        await service[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await chromium?.[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
    throw error;
  }
}

/** The text that the terminal shows, line by line. */
export async function terminalText(page: Page): Promise<string> {
  const lines = await page.locator(".xterm-rows > div").allTextContents();
  return lines.map((line) => line.replaceAll("\u00a0", " ").trimEnd()).join("\n");
}

/** Resolves when what the page has been told so far is drawn. */
export async function nextFrame(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
}

/** Removes a job that a test leaves running. */
export async function endJob(service: Service, id: number): Promise<void> {
  await service.call("DELETE", `/api/jobs/${id}?terminate=true`);
}
