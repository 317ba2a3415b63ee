import type { ModelColumnReport, ModelFileReport } from '../protocol';

/** `sklearn 1.9.1`; how a model is loaded from Python only where it says nothing else. */
export function flavorWords({ flavors }: Pick<ModelFileReport, 'flavors'>): string {
  const own = flavors.filter(({ name }) => name !== 'python_function');
  return (own.length > 0 ? own : flavors)
    .map(({ name, version, loader }) =>
      [name, version ?? (own.length > 0 ? undefined : loader)].filter(Boolean).join(' '),
    )
    .join(', ');
}

/** `age double, tags array<string>?, float64[-1, 3]`; a question mark stands behind what may be left out. */
export const columnWords = (columns: readonly ModelColumnReport[] | null): string =>
  (columns ?? []).map(words).join(', ');

function words({ name, type, shape, required }: ModelColumnReport): string {
  const whole = [name, `${type ?? ''}${shape === null ? '' : `[${shape.join(', ')}]`}`].filter(Boolean).join(' ');
  return required ? whole : `${whole}?`;
}
