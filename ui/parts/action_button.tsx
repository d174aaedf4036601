import { useState } from "preact/hooks";
import { attempt } from "../state/notices.ts";
import { Icon, type IconName } from "./icon.tsx";

interface Props {
  label: string;
  icon?: IconName;
  /** What it does; what goes wrong is said, and meanwhile it cannot be pressed again. */
  onPress: () => unknown;
  kind?: "plain" | "primary" | "danger";
  /** Only the picture; the label is read out. */
  small?: boolean;
  disabled?: boolean;
  title?: string;
}

/** A button that does something and waits for it. */
export function ActionButton({ label, icon, onPress, kind = "plain", small = false, disabled = false, title }: Props) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    if (busy) return;
    setBusy(true);
    await attempt(async () => await onPress());
    setBusy(false);
  };
  return (
    <button
      type="button"
      class={`button ${kind}${small ? " small" : ""}`}
      disabled={disabled}
      // One that was disabled would lose the focus.
      aria-disabled={busy ? true : undefined}
      aria-label={small ? label : undefined}
      title={title ?? (small ? label : undefined)}
      onClick={press}
    >
      {icon && <Icon name={icon} />}
      {!small && <span>{label}</span>}
    </button>
  );
}
