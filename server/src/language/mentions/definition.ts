import { join } from 'node:path';
import type { Location } from '../../protocol';
import { fileStart } from '../../text/lines';
import type { Subject } from './subject';

/** Where what is named stands. Undefined for a commit, which is no file, and for what only a database holds. */
export function definitionOf(subject: Subject, home: string): Location | undefined {
  switch (subject.kind) {
    case 'dataset':
      return dataDefinition(subject.record, subject.contract, subject.path);
    case 'file':
      return startOf(subject.path);
    case 'run':
      return readable(subject.run.location);
    case 'experiment':
      return subject.runs.map(({ location }) => readable(location)).find((location) => location !== undefined);
    case 'image':
      return subject.uses[0] && { path: join(home, subject.uses[0].path), range: subject.uses[0].location.range };
    case 'stage':
      return subject.location;
    case 'parameter':
      return subject.now?.location;
    case 'model':
      return subject.versions.map(({ location }) => readable(location)).find((location) => location !== undefined);
    case 'commit':
      return undefined;
  }
}

/** The record of the data's tracker, else what describes the data, else the data themselves where they are text. */
function dataDefinition(
  record: Location | undefined,
  contract: string | undefined,
  path: string,
): Location | undefined {
  const described = contract ?? (/\.(csv|tsv|jsonl?|ndjson|txt)$/i.test(path) ? path : undefined);
  return record ?? (described === undefined ? undefined : startOf(described));
}

const startOf = (path: string): Location => ({ path, range: fileStart });

/** Files that an editor shows as text. */
const readable = (location: Location): Location | undefined =>
  /\.(ya?ml|json|lock)$/i.test(location.path) ? location : undefined;
