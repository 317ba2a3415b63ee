import type { Finding, Location, Severity } from '../protocol';
import { fileStart } from '../text/lines';

/** What is in the way of knowing a version: code → how bad it is, and what it means as a line of the reference. */
export type Codes = Readonly<Record<string, readonly [Severity, string]>>;

/** What could be read, and a finding for each thing that could not. */
export interface Reading<T> {
  readonly found: T;
  readonly problems: readonly Finding[];
}

/** A finding of one of `codes`, with the severity that it has there, at the start of a file or at a place. */
export function findingAt<C extends Codes>(
  codes: C,
  code: keyof C & string,
  message: string,
  place: string | Location | null,
): Finding {
  const [severity] = codes[code] ?? (['error'] as const);
  return { code, severity, message, location: typeof place === 'string' ? { path: place, range: fileStart } : place };
}
