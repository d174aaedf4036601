import { useEffect, useRef, useState } from "preact/hooks";
import { call, isAbort, messageOf } from "../../api/client.ts";
import { type Figures, parseMetrics } from "../../logic/metrics_text.ts";
import { type SystemPoint, systemPoint } from "../../logic/system_figures.ts";

const LOOK_MS = 2000;
const MOST = 300;

/** The metrics, looked at while the page is seen: they are figures of now, and no stream tells of them. */
export function useFigures() {
  const [figures, setFigures] = useState<Figures | null>(null);
  const [points, setPoints] = useState<readonly SystemPoint[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const before = useRef<{ at: number; figures: Figures } | undefined>(undefined);
  useEffect(() => {
    const over = new AbortController();
    const look = async () => {
      if (document.hidden) return;
      try {
        const { data } = await call<string>("GET", "/-/metrics", { signal: over.signal });
        const [at, now] = [Date.now() / 1000, parseMetrics(data)];
        if (before.current) {
          const point = systemPoint(at, now, before.current);
          setPoints((known) => [...known.slice(1 - MOST), point]);
        }
        before.current = { at, figures: now };
        setFigures(now);
        setFailure(null);
      } catch (error) {
        if (!isAbort(error)) setFailure(messageOf(error));
      }
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => {
      clearInterval(timer);
      over.abort();
    };
  }, []);
  return { figures, points, failure };
}
