/** Looks for what keeps people out: axe-core's rules of WCAG 2.1, levels A and AA. */

import axe from "axe-core";
import type { Page } from "playwright-core";

/** One line for each serious or critical finding. */
export async function barriers(page: Page): Promise<string[]> {
  // Through the debugger, which the page's policy does not concern.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    })
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
