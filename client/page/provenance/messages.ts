import type { ToProvenancePage } from '../../../server/src/protocol';
import {
  type Guard,
  isFlag,
  isLocation,
  isNumber,
  isObject,
  isProgress,
  isText,
  listOf,
  orNull,
  readerOf,
  shape,
} from '../guards';

const orMissing =
  (guard: Guard): Guard =>
  (value) =>
    value === undefined || guard(value);
const recordOf =
  (guard: Guard): Guard =>
  (value) =>
    isObject(value) && Object.values(value).every(guard);

const isRun = shape({
  id: isText,
  tracker: isText,
  store: isText,
  name: orNull(isText),
  experiment: orNull(isText),
  status: isText,
  startedAt: orNull(isText),
  endedAt: orNull(isText),
  commit: orNull(isText),
  commitExists: orNull(isFlag),
  dirty: orNull(isFlag),
  params: isObject,
  metrics: isObject,
  tags: recordOf(isText),
  datasets: listOf(
    shape({
      name: isText,
      role: isText,
      version: orNull(isText),
      algorithm: orNull(isText),
      path: orNull(isText),
      current: orNull(isFlag),
    }),
  ),
  models: listOf(shape({ name: isText })),
  location: isLocation,
});

const isReport = shape({
  target: isText,
  code: shape({ commit: orNull(isText), branch: orNull(isText), dirty: orNull(isFlag), changed: listOf(isText) }),
  datasets: listOf(shape({ path: isText, tracker: isText, status: isText })),
  runs: listOf(isRun),
  models: listOf(shape({ name: isText, version: isText })),
  environment: shape({ lockFiles: listOf(shape({ path: isText })), images: listOf(shape({ image: isText })) }),
  findings: listOf(shape({ code: isText, severity: isText, message: isText, location: orNull(isLocation) })),
  claims: orMissing(listOf(shape({ claim: isText, verdict: isText, message: isText, location: isLocation }))),
  files: listOf(shape({ path: isText, role: isText })),
});

const isDetails = shape({
  id: isText,
  histories: recordOf(listOf(shape({ step: isNumber }))),
  places: recordOf(isLocation),
  artifacts: listOf(isText),
});

const isTimeline = shape({
  dataset: isText,
  versions: listOf(shape({ tracker: isText, ref: isText })),
  older: isNumber,
});

const focuses: Readonly<Record<string, Guard>> = {
  graph: () => true,
  runs: () => true,
  claims: () => true,
  compare: shape({ runs: listOf(isText) }),
  timeline: shape({ dataset: isText }),
};

const isFocus: Guard = (value) =>
  isObject(value) &&
  typeof value.view === 'string' &&
  Object.hasOwn(focuses, value.view) &&
  focuses[value.view]?.(value) === true;

/** A message of the panel, or undefined when it has not the shape that this page knows. */
export const readMessage = readerOf<ToProvenancePage>({
  report: shape({ report: isReport, focus: orMissing(isFocus) }),
  details: shape({ details: isDetails }),
  timeline: shape({ timeline: isTimeline }),
  running: shape({ title: isText, progress: isProgress }),
  failed: shape({ title: isText, message: isText }),
});
