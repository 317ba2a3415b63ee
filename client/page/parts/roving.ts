import { useRef, useState } from 'preact/hooks';

const steps: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowRight: (index, last) => (index === last ? 0 : index + 1),
  ArrowDown: (index, last) => (index === last ? 0 : index + 1),
  ArrowLeft: (index, last) => (index === 0 ? last : index - 1),
  ArrowUp: (index, last) => (index === 0 ? last : index - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/** One tab stop for a group of `count` buttons; the arrow keys move within. Spread `item(index)` on each. */
export function useRoving(count: number) {
  const [current, setCurrent] = useState(0);
  const elements = useRef<(HTMLElement | null)[]>([]);
  const stop = Math.min(current, count - 1);
  const item = (index: number) => ({
    tabIndex: index === stop ? 0 : -1,
    ref: (element: HTMLElement | null) => {
      elements.current[index] = element;
    },
    onFocus: () => setCurrent(index),
    onKeyDown: (event: KeyboardEvent) => {
      const next = steps[event.key]?.(index, count - 1);
      if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      elements.current[next]?.focus();
    },
  });
  return { item, focus: (index: number) => elements.current[index]?.focus() };
}
