import type { PbfReader } from 'pbf';
import { type Node, numberOf, stringOf } from './tree';

// Messages of protocol buffers that are read alike from their binary and from their text format: a table of fields says
// both the numbers of the one and the names of the other. What is not in the table is passed over.

/** How a field is written; a field that is written otherwise is passed over. */
interface Kind<T> {
  /** Protobuf's number for it. */
  readonly wire: 0 | 1 | 2;
  read(pbf: PbfReader): T;
  of(node: Node): T | undefined;
}

/** A message as a kind of field, and as the whole of a file. */
export interface MessageKind<T> extends Kind<T> {
  /** Throws for bytes that are no such message or are cut off. */
  readUpTo(pbf: PbfReader, end: number): T;
  of(node: Node): T;
}

type Field = readonly [number, Kind<unknown>] | readonly [number, Kind<unknown>, 'many'];
type MessageOf<F extends Readonly<Record<string, Field>>> = {
  readonly [K in keyof F]: F[K] extends readonly [number, Kind<infer T>, 'many']
    ? readonly T[]
    : F[K] extends readonly [number, Kind<infer T>]
      ? T | undefined
      : never;
};

/** The value that a kind reads. */
export type Value<K> = K extends Kind<infer T> ? T : never;

export const text: Kind<string> = { wire: 2, read: (pbf) => within(pbf).readString(), of: stringOf };
export const double: Kind<number> = { wire: 1, read: (pbf) => fixed(pbf).readDouble(), of: numberIn };
/** `uint64` and the like. */
export const whole: Kind<number> = { wire: 0, read: (pbf) => pbf.readVarint(), of: numberIn };
/** `int64` and the like, which may be negative. */
export const integer: Kind<number> = { wire: 0, read: (pbf) => pbf.readVarint(true), of: numberIn };
/** A message that is read only when somebody asks; the text format has no bytes of one. */
export const unread: Kind<Uint8Array> = { wire: 2, read: (pbf) => within(pbf).readBytes(), of: () => undefined };

function numberIn(node: Node): number | undefined {
  const number = numberOf(node) ?? (node.kind === 'scalar' && typeof node.value === 'bigint' ? node.value : undefined);
  return number === undefined ? undefined : Number(number);
}

/** One of the names, which stand in the order of their numbers. */
export const oneOf = <T extends string>(...names: readonly T[]): Kind<T | undefined> => ({
  wire: 0,
  read: (pbf) => names[pbf.readVarint()],
  of: (node) => names.find((name) => name === stringOf(node)),
});

export function message<F extends Readonly<Record<string, Field>>>(fields: F): MessageKind<MessageOf<F>> {
  const all = Object.entries<Field>(fields);
  const byNumber = new Map(all.map(([name, field]) => [field[0], { name, kind: field[1] }]));
  const repeated = all.filter(([, field]) => field[2]).map(([name]) => name);
  // A store holds hundreds of thousands of messages, so that making one has to cost next to nothing.
  const empty = () => {
    const found: Record<string, unknown> = {};
    for (const name of repeated) found[name] = [];
    return found;
  };
  const readUpTo = (pbf: PbfReader, end: number): MessageOf<F> => {
    const found: Record<string, unknown> = empty();
    for (let number = pbf.nextField(end); number !== 0; number = pbf.nextField(end)) {
      const known = byNumber.get(number);
      if (known?.kind.wire === pbf.type) put(found, known.name, known.kind.read(pbf));
    }
    if (pbf.pos > end) throw new RangeError('A field is longer than its message.');
    pbf.pos = end;
    return found as MessageOf<F>;
  };
  return {
    wire: 2,
    readUpTo,
    read: (pbf) => {
      const length = within(pbf).readVarint();
      return readUpTo(pbf, pbf.pos + length);
    },
    of: (node) => {
      const found: Record<string, unknown> = empty();
      for (const { key, value } of node.kind === 'map' ? node.entries : []) {
        const name = String(key.value);
        const kind = Object.hasOwn(fields, name) ? fields[name]?.[1] : undefined;
        // A repeated field stands there as often as it has values, or once with a list of them.
        const nodes = value.kind === 'list' ? value.items : [value];
        for (const one of kind ? nodes : []) put(found, name, kind?.of(one));
      }
      return found as MessageOf<F>;
    },
  };
}

function put(found: Record<string, unknown>, name: string, value: unknown): void {
  const list = found[name];
  if (Array.isArray(list)) list.push(value);
  else found[name] = value;
}

/** A length past the end of the bytes would be walked to, however far that is. */
function within(pbf: PbfReader): PbfReader {
  const start = pbf.pos;
  const end = pbf.readVarint() + pbf.pos;
  if (!(end <= pbf.length)) throw new RangeError('A field is longer than the bytes that hold it.');
  pbf.pos = start;
  return pbf;
}

function fixed(pbf: PbfReader): PbfReader {
  if (pbf.pos + 8 > pbf.length) throw new RangeError('A field is longer than the bytes that hold it.');
  return pbf;
}
