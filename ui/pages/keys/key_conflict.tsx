import { ActionButton } from "../../parts/action_button.tsx";
import type { KeyValue } from "../../state/key_values.ts";

interface Props {
  mine: string;
  theirs: KeyValue;
  onTake: () => void;
  onOverwrite: () => Promise<unknown>;
}

/** Both versions side by side; nothing is written until somebody decides. */
export function KeyConflict({ mine, theirs, onTake, onOverwrite }: Props) {
  return (
    <div class="conflict" role="alert">
      <p class="warning">
        {theirs.tag === null
          ? "This key was deleted meanwhile."
          : "This key was changed meanwhile, and nothing was saved."}
      </p>
      <div class="versions">
        <figure>
          <figcaption>On the server</figcaption>
          <pre class="code">{theirs.tag === null ? "(deleted)" : theirs.value}</pre>
        </figure>
        <figure>
          <figcaption>Yours</figcaption>
          <pre class="code">{mine}</pre>
        </figure>
      </div>
      <div class="actions">
        <ActionButton label="Take the server's" onPress={onTake} />
        <ActionButton label="Overwrite with yours" kind="danger" onPress={onOverwrite} />
      </div>
    </div>
  );
}
