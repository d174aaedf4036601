/**
 * Keeps the keyboard's place. What has the focus may go away by what it does, as a button that removes its own row: the
 * focus then goes to what is nearest to it, and not back to the beginning of the page.
 */

interface Place {
  /** What had the focus, and all that it lay in, from the inside out. */
  trail: readonly Element[];
  /** Where it was. */
  rect: DOMRect;
}

const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex='0']";

/** From now on, for all that lies in `root`. */
export function keepFocus(root: Element): void {
  let place: Place | undefined;
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element) || !root.contains(target)) return;
    place = { trail: ancestors(target), rect: target.getBoundingClientRect() };
  });
  document.addEventListener("focusout", ({ target }) => {
    // Only of what is still there afterwards somebody has taken it away on purpose.
    queueMicrotask(() => {
      if (target === place?.trail[0] && root.contains(target as Node) && isNowhere()) place = undefined;
    });
  });
  new MutationObserver(() => {
    if (!place) return;
    const had = place.trail[0]!;
    if (had.isConnected && !had.matches(":disabled")) return;
    // What was disabled has the focus until the next frame.
    if (!isNowhere() && document.activeElement !== had) return;
    const next = nearest(place);
    place = undefined;
    next?.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function ancestors(element: Element): Element[] {
  const trail = [];
  for (let each: Element | null = element; each; each = each.parentElement) trail.push(each);
  return trail;
}

/** What may have the focus, is in the innermost thing that is left, and lies nearest. */
function nearest({ trail, rect }: Place): HTMLElement | undefined {
  const closed = trail.some((element) => element.localName === "dialog" && !element.isConnected);
  for (const left of trail.slice(1).filter((element) => element.isConnected)) {
    if (left instanceof HTMLElement && left.hasAttribute("tabindex")) return left;
    // Of a long list only what is on the screen exists, so the list itself has the keyboard; and what is anywhere on the
    // page is not near.
    if (closed || left.getAttribute("role") === "rowgroup" || left.parentElement?.id === "main") continue;
    const others = [...left.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((each) => each.tabIndex >= 0);
    const distances = others.map((each) => distance(each.getBoundingClientRect(), rect));
    if (others.length > 0) return others[distances.indexOf(Math.min(...distances))];
  }
  return undefined;
}

function distance(a: DOMRect, b: DOMRect): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
