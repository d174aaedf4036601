interface Props {
  /** From 0 to 1; null: it goes on, and nobody knows how far it is. */
  share: number | null;
  label: string;
  kind?: "running" | "paused" | "done" | "failed";
}

/** How far something is. */
export function Bar({ share, label, kind = "running" }: Props) {
  const percent = share === null ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div
      class={`bar bar-${kind}${share === null ? " unknown" : ""}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div style={{ width: share === null ? "100%" : `${percent}%` }} />
    </div>
  );
}
