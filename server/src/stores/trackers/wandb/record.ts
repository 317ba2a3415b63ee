import { PbfReader } from 'pbf';
import { integer, type MessageKind, message, text, unread, type Value } from '../../../text/protobuf';

// The messages of wandb/proto/wandb_internal.proto, as far as they tell of a run: name → [field number, kind]. Numbers are
// W&B's promise to its own older readers; fields that are not named here are skipped.

const item = message({ key: [1, text], nestedKey: [2, text, 'many'], json: [16, text] });
const items = message({ update: [1, item, 'many'], remove: [2, item, 'many'] });
const moment = message({ seconds: [1, integer], nanos: [2, integer] });
const git = message({ remote: [1, text], commit: [2, text] });

const run = message({
  id: [1, text],
  project: [3, text],
  config: [4, items],
  summary: [5, items],
  group: [6, text],
  jobType: [7, text],
  name: [8, text],
  notes: [9, text],
  tags: [10, text, 'many'],
  sweep: [12, text],
  started: [17, moment],
  git: [21, git],
});

const environment = message({
  python: [2, text],
  started: [3, moment],
  image: [4, text],
  program: [6, text],
  codePath: [7, text],
  git: [9, git],
  user: [13, text],
  writer: [199, text],
});

const entry = message({ path: [1, text], digest: [2, text], reference: [3, text], size: [4, integer] });
const artifact = message({
  type: [4, text],
  name: [5, text],
  digest: [6, text],
  manifest: [12, message({ contents: [4, entry, 'many'], file: [5, text] })],
});

const record = message({
  history: [2, unread],
  summary: [3, items],
  config: [5, items],
  artifact: [8, artifact],
  telemetry: [11, message({ python: [4, text], client: [5, text] })],
  run: [17, run],
  exit: [18, message({ code: [1, integer], runtime: [2, integer] })],
  used: [25, message({ id: [1, text], type: [2, text], name: [3, text] })],
  environment: [26, environment],
});

const history = message({ items: [1, item, 'many'], step: [2, message({ number: [1, integer] })] });

export type LogRecord = Value<typeof record>;
export type Item = Value<typeof item>;
export type Items = Value<typeof items>;
export type Moment = Value<typeof moment>;
export type Environment = Value<typeof environment>;
export type Artifact = Value<typeof artifact>;
export type ArtifactEntry = Value<typeof entry>;
export type History = Value<typeof history>;

/** Undefined for bytes that are no such message. */
export const recordOf = (bytes: Uint8Array): LogRecord | undefined => read(record, bytes);
export const historyOf = (bytes: Uint8Array): History | undefined => read(history, bytes);

/** One for all messages, which are read one after the other: of a store there are hundreds of thousands. */
const reader = new PbfReader(new Uint8Array());

function read<T>(kind: MessageKind<T>, bytes: Uint8Array): T | undefined {
  // Its view of the bytes as numbers of fixed size is left as it is: no field above is one.
  reader.buf = bytes;
  reader.pos = 0;
  reader.length = bytes.length;
  try {
    return kind.readUpTo(reader, bytes.length);
  } catch {
    return undefined;
  }
}
