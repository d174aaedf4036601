import { notify } from "../state/notices.ts";
import { ActionButton } from "./action_button.tsx";

/** Puts a text on the clipboard; where the page may not do that (plain HTTP from afar), says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const copy = async () => {
    if (!navigator.clipboard) {
      notify("The browser lets only pages over HTTPS or from this machine copy: select the text instead.", "error");
      return;
    }
    await navigator.clipboard.writeText(text);
    notify("Copied.");
  };
  return <ActionButton label={label} icon="copy" small onPress={copy} />;
}
