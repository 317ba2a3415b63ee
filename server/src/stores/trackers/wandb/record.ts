import { PbfReader } from 'pbf';

// The messages of wandb/proto/wandb_internal.proto, as far as they tell of a run: name → [field number, kind]. Numbers are
// W&B's promise to its own older readers; fields that are not named here are skipped.

/** How a field is written: `wire` is protobuf's own number for it, and a field of another one is skipped. */
interface Kind<T> {
  readonly wire: 0 | 2;
  read(pbf: PbfReader): T;
}

interface MessageKind<T> extends Kind<T> {
  /** The message that goes up to `end`. */
  readUpTo(pbf: PbfReader, end: number): T;
}

type Field = readonly [number, Kind<unknown>] | readonly [number, Kind<unknown>, 'many'];
type Fields = Readonly<Record<string, Field>>;
type MessageOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends readonly [number, Kind<infer T>, 'many']
    ? readonly T[]
    : F[K] extends readonly [number, Kind<infer T>]
      ? T | undefined
      : never;
};

const text: Kind<string> = { wire: 2, read: (pbf) => inside(pbf).readString() };
const integer: Kind<number> = { wire: 0, read: (pbf) => pbf.readVarint(true) };
/** A message that is read only when somebody asks. */
const unread: Kind<Uint8Array> = { wire: 2, read: (pbf) => inside(pbf).readBytes() };

/** A length past the end of the bytes would be walked to, however far that is. */
function inside(pbf: PbfReader): PbfReader {
  const start = pbf.pos;
  const end = pbf.readVarint() + pbf.pos;
  if (!(end <= pbf.length)) throw new RangeError('A field is longer than its record.');
  pbf.pos = start;
  return pbf;
}

function message<F extends Fields>(fields: F): MessageKind<MessageOf<F>> {
  const names = new Map(Object.entries(fields).map(([name, field]) => [field[0], { name, field }]));
  const many = Object.entries(fields).flatMap(([name, field]) => (field[2] ? [name] : []));
  const readUpTo = (pbf: PbfReader, end: number): MessageOf<F> => {
    const found: Record<string, unknown> = {};
    for (const name of many) found[name] = [];
    for (let number = pbf.nextField(end); number !== 0; number = pbf.nextField(end)) {
      const known = names.get(number);
      if (!known || known.field[1].wire !== pbf.type) continue;
      const value = known.field[1].read(pbf);
      const list = found[known.name];
      if (Array.isArray(list)) list.push(value);
      else found[known.name] = value;
    }
    pbf.pos = end;
    return found as MessageOf<F>;
  };
  return {
    wire: 2,
    readUpTo,
    read: (pbf) => {
      const length = inside(pbf).readVarint();
      return readUpTo(pbf, pbf.pos + length);
    },
  };
}

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

type Value<K> = K extends Kind<infer T> ? T : never;
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

function read<T>(kind: MessageKind<T>, bytes: Uint8Array): T | undefined {
  try {
    return kind.readUpTo(new PbfReader(bytes), bytes.length);
  } catch {
    return undefined;
  }
}
