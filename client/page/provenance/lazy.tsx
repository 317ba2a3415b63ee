import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A view that is loaded when it is first shown; a page that never shows it never loads it. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return (props: Props) => {
    const [View, setView] = useState<{ readonly component: ComponentType<Props> } | undefined>(
      loaded && { component: loaded },
    );
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (View) return;
      load().then(
        (component) => {
          loaded = component;
          setView({ component });
        },
        () => setFailed(true),
      );
    }, []);
    if (failed) return <p class="nothing">This view could not be loaded. Close the panel and open it again.</p>;
    return View ? <View.component {...props} /> : null;
  };
}
