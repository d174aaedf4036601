import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface Props {
  title: string;
  /** Not given: it stays until it is no longer drawn. */
  onClose?: () => void;
  /** Hides what lies behind it. */
  veiled?: boolean;
  children: ComponentChildren;
}

/** A window over the page, which the browser itself keeps the focus in; Escape and a click beside it close it. */
export function Dialog({ title, onClose, veiled = false, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const beside = useRef(false);
  useEffect(() => {
    const dialog = element.current!;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={element}
      class={veiled ? "veiled" : undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // Where text is selected by pulling, a click may begin inside and end beside it.
      onPointerDown={(event) => {
        beside.current = event.target === element.current;
      }}
      onClick={(event) => event.target === element.current && beside.current && onClose?.()}
    >
      <div class="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          {onClose && (
            <button type="button" class="button small" aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
