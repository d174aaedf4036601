import type { WorkerList } from "../../api/schema.ts";

/** As many boxes are drawn; beyond that the figures alone have to do. */
const MOST = 64;

export function SlotMeter({ slots }: { slots: WorkerList["slots"] | undefined }) {
  const { limit = 0, used = 0 } = slots ?? {};
  return (
    <div class="slots">
      <div class="boxes" aria-hidden="true">
        {Array.from(
          { length: Math.min(MOST, Math.max(limit, used)) },
          (_, i) => <span key={i} class={i < used ? (i < limit ? "used" : "used over") : ""} />,
        )}
      </div>
      <p>{slots ? `${used} of ${limit} slots in use` : "…"}</p>
    </div>
  );
}
