import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** What a button opens below itself and what closes when the pointer or the focus goes elsewhere. */
export function usePopup() {
  const [open, setOpen] = useState(false);
  /** Holds the button and what it opens. */
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!open) return;
    const close = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('focusin', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('focusin', close);
    };
  }, [open]);
  const toggle = () => setOpen(!open);
  /** Closes it and goes back to the button. */
  const leave = () => {
    setOpen(false);
    button.current?.focus();
  };
  return { open, place, button, toggle, leave };
}
