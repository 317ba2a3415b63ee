import { useLayoutEffect } from 'preact/hooks';

/** Keeps `--shown-width` at the width that the window shows: what is not to scroll sideways with a wide table is so wide. */
export function useShownWidth(): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    const measure = () => root.style.setProperty('--shown-width', `${root.clientWidth}px`);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(root);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, []);
}
