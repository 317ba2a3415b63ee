import { useLayoutEffect } from 'preact/hooks';

/** Scrolls to where the page was once what is shown is there again, and keeps where it is from then on. */
export function useKeptScroll(shown: string | undefined, kept: number, onScroll: (scroll: number) => void): void {
  useLayoutEffect(() => {
    if (shown === undefined) return;
    // Opened details are measured in the first drawing and stand in the second.
    const frame = requestAnimationFrame(() => window.scrollTo(0, kept));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => onScroll(window.scrollY), 100);
    };
    window.addEventListener('scroll', later, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      window.removeEventListener('scroll', later);
    };
  }, [shown]);
}
