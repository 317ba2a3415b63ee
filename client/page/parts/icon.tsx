/** A codicon. It says nothing to a screen reader, so a word stands beside it or in its button's label. */
export function Icon({ name, tone }: { readonly name: string; readonly tone?: Tone }) {
  return <span class={`codicon codicon-${name} ${tone ? `tone-${tone}` : ''}`} aria-hidden="true" />;
}

/** What a colour stands for; always with an icon and a word. */
export type Tone = 'passed' | 'failed' | 'warning' | 'error' | 'skipped' | 'quiet';

/** How a status is shown. */
export interface StatusLook {
  readonly word: string;
  /** A codicon's name. */
  readonly icon: string;
  readonly tone: Tone;
}
