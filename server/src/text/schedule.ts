import { Cron } from 'croner';

/** When something happens that a cron expression plans, in UTC. */
export interface Schedule {
  /** The first time after that moment; undefined when there never is one. */
  next(after: Date): Date | undefined;
  /** Up to `count` times until that moment, the latest first. */
  last(count: number, until: Date): readonly Date[];
}

/** Undefined for what is no cron expression of five fields and no word such as `@daily`. */
export function scheduleOf(expression: string): Schedule | undefined {
  try {
    const cron = new Cron(expression.trim(), { timezone: 'UTC', mode: '5-part' });
    return {
      next: (after) => cron.nextRun(after) ?? undefined,
      // The moment itself counts: the library looks at whole seconds before it.
      last: (count, until) => cron.previousRuns(count, new Date(until.getTime() + 1000)),
    };
  } catch {
    return undefined;
  }
}

/** `2026-01-10 06:00 UTC`. */
export const momentWords = (moment: Date): string => `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** When a schedule comes next, as a sentence; empty for none, and for what is no cron expression. */
export function scheduleWords(expression: string | undefined, now: Date): string {
  const next = expression === undefined ? undefined : scheduleOf(expression)?.next(now);
  return next ? `By its schedule ${expression} it is next due at ${momentWords(next)}.` : '';
}
