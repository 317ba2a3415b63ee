import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon';

interface FoldProps {
  readonly title: string;
  /** What it comes to, told when it is folded as well. */
  readonly summary: string;
  readonly folded: boolean;
  readonly children: ComponentChildren;
  onFold(): void;
}

/** A part of the page under a heading that folds it away. */
export function Fold({ title, summary, folded, children, onFold }: FoldProps) {
  const id = useId();
  return (
    <section class="fold" aria-labelledby={id}>
      <h2>
        <button type="button" id={id} aria-expanded={!folded} onClick={onFold}>
          <Icon name={folded ? 'chevron-right' : 'chevron-down'} />
          <b>{title}</b> <span class="quiet text">{summary}</span>
        </button>
      </h2>
      {!folded && <div class="fold-body">{children}</div>}
    </section>
  );
}
