import assert from "node:assert/strict";
import { startChromium } from "../helpers/chromium.ts";

Deno.test("x", async () => {
  await using chromium = await startChromium({ hosts: { "evil.example": "127.0.0.1" } });
  const page = await chromium.context.newPage();
  await page.goto("data:text/html,<title>hi</title>");
  assert.equal(await page.title(), "hi");
  await page.close();
});
