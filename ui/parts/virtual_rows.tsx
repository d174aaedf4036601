/** A long list of which only what is on the screen exists. */

import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** Rows that are drawn above and below the screen, so that a quick turn of the wheel shows no gap. */
const SPARE = 12;

interface Props {
  /** What scrolls. */
  scroller: RefObject<HTMLElement | null>;
  count: number;
  /** Of each row, in pixels. */
  height: number;
  /** Draws the row at `index`, which is to be `top` pixels from the beginning. */
  row: (index: number, top: number) => ComponentChildren;
  /** Which rows are on the screen now. */
  onSeen: (first: number, last: number) => void;
}

export function VirtualRows({ scroller, count, height, row, onSeen }: Props) {
  const [[first, last], setSeen] = useState<[number, number]>([0, 40]);
  useLayoutEffect(() => {
    const element = scroller.current!;
    const look = () => {
      const from = Math.floor(element.scrollTop / height);
      const to = Math.ceil((element.scrollTop + element.clientHeight) / height);
      setSeen((seen) => seen[0] === from && seen[1] === to ? seen : [from, to]);
      onSeen(from, to);
    };
    look();
    const size = new ResizeObserver(look);
    size.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      size.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [height, count]);
  const rows = [];
  for (let i = Math.max(0, first - SPARE); i < Math.min(count, last + SPARE); i++) rows.push(row(i, i * height));
  return <div class="virtual" role="rowgroup" style={{ height: `${count * height}px` }}>{rows}</div>;
}
