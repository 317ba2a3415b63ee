import type { RunReport } from '../../../../server/src/protocol';

/** What tells a run from all others of a report: stores may have one of the same id each. */
export const runKey = ({ store, id }: RunReport): string => `${store}#${id}`;

/** What a person calls a run. */
export const runName = ({ name, id }: RunReport): string => name ?? id.slice(0, 8);
