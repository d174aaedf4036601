/** Lines `line 1`, `line 2` and so on in the dashboard's terminal. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { terminalText } from "./dashboard.ts";
import { eventually } from "./eventually.ts";

/** The numbers of those on the screen. */
export async function linesShown(page: Page): Promise<number[]> {
  return [...(await terminalText(page)).matchAll(/^line (\d+)$/gm)].map(([, number]) => Number(number));
}

/** Goes from the first line to `last` by keyboard, and fails where one is missing or twice there. Nothing may be printed meanwhile. */
export async function readThrough(page: Page, last: number): Promise<void> {
  await page.locator(".xterm textarea").focus();
  await page.keyboard.press("Home");
  for (let end = 0; end < last;) {
    // A screen that is half drawn is looked at again.
    const shown = await eventually(`what comes after line ${end}, in turn`, async () => {
      const lines = await linesShown(page);
      assert.deepEqual(lines, lines.map((_, i) => lines[0]! + i), "a line is missing or twice there");
      assert.ok(lines[0]! <= end + 1, `and none is between two screens: ${lines[0]} comes after ${end}`);
      return (end > 0 || lines[0] === 1) && lines.at(-1)! > end && lines;
    }, 60_000);
    end = shown.at(-1)!;
    await page.keyboard.press("PageDown");
  }
}
