import { PbfReader } from 'pbf';
import { Lines } from '../../../text/lines';
import { parsePbtxt } from '../../../text/pbtxt';
import { double, message, oneOf, text, type Value, whole } from '../../../text/protobuf';
import { Unreadable } from '../../../world';
import type { Content } from '../../reference';

// tensorflow_metadata/proto/v0/statistics.proto, as far as distributions need it.

const common = message({
  num_non_missing: [1, whole],
  num_missing: [2, whole],
  tot_num_values: [8, whole],
});

const histogram = message({
  num_nan: [1, whole],
  buckets: [3, message({ low_value: [1, double], high_value: [2, double], sample_count: [4, double] }), 'many'],
  type: [4, oneOf('STANDARD', 'QUANTILES')],
});

const numbers = message({
  common_stats: [1, common],
  mean: [2, double],
  num_zeros: [4, whole],
  min: [5, double],
  median: [6, double],
  max: [7, double],
  histograms: [8, histogram, 'many'],
});

const strings = message({
  common_stats: [1, common],
  unique: [2, whole],
  top_values: [3, message({ value: [2, text], frequency: [3, double] }), 'many'],
  rank_histogram: [5, message({ buckets: [1, message({ label: [4, text], sample_count: [5, double] }), 'many'] })],
});

const feature = message({
  name: [1, text],
  type: [2, oneOf('INT', 'FLOAT', 'STRING', 'BYTES', 'STRUCT')],
  num_stats: [3, numbers],
  string_stats: [4, strings],
  path: [8, message({ step: [1, text, 'many'] })],
});

const dataset = message({ name: [1, text], num_examples: [2, whole], features: [3, feature, 'many'] });
const list = message({ datasets: [1, dataset, 'many'] });

export type Feature = Value<typeof feature>;
export type Numbers = Value<typeof numbers>;
export type Strings = Value<typeof strings>;
export type Common = Value<typeof common>;
export type DatasetStatistics = Value<typeof dataset>;

/** The field of the first level in the text format. */
const textStart = /^\s*(#[^\n]*\n\s*)*datasets\s*:?\s*[{<]/;
/** The same in the binary one. */
const BINARY_START = 0x0a;
/** Bytes of a TFRecord before and after its message: a length and two check sums. */
const RECORD_HEAD = 12;
const RECORD_TAIL = 4;
/** A longer one is no length but something else's first bytes. */
const LONGEST_RECORD = 2 ** 32;

/**
 * The datasets of a `DatasetFeatureStatisticsList`, written as text, as a message, or as a TFRecord of one. Undefined for a
 * file that is none; throws `Unreadable` for one that is broken.
 */
export function datasetsIn({ bytes, text: written }: Content, path: string): readonly DatasetStatistics[] | undefined {
  if (written !== undefined && textStart.test(written)) return inText(written, path);
  const message = recordIn(bytes, path) ?? bytes;
  if (message[0] !== BINARY_START) return undefined;
  try {
    const { datasets } = list.readUpTo(new PbfReader(message), message.length);
    const isStatistics = datasets.some(({ features }) => features.some(({ name, path: steps }) => name ?? steps));
    return isStatistics ? datasets : undefined;
  } catch {
    // A text that begins with an empty line is no message.
    if (written !== undefined && message === bytes) return undefined;
    throw new Unreadable(
      `${path} is no whole file of statistics of TensorFlow Data Validation: it is cut off or something else. Write it anew with tfdv.write_stats_text.`,
      path,
    );
  }
}

function inText(written: string, path: string): readonly DatasetStatistics[] {
  const { root, issues } = parsePbtxt(written);
  const [issue] = issues;
  if (issue) {
    const line = new Lines(written).position(issue.span.start).line + 1;
    throw new Unreadable(`${path} is broken at line ${line}: ${issue.message}`, path);
  }
  return root ? list.of(root).datasets : [];
}

/** The message of a TFRecord; undefined for a file that is none. */
function recordIn(bytes: Uint8Array, path: string): Uint8Array | undefined {
  if (bytes[RECORD_HEAD] !== BINARY_START) return undefined;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length === 0 || length > LONGEST_RECORD) return undefined;
  const end = RECORD_HEAD + length;
  if (end + RECORD_TAIL === bytes.length) return bytes.subarray(RECORD_HEAD, end);
  if (bytes[0] === BINARY_START) return undefined;
  const what = end + RECORD_TAIL > bytes.length ? 'is cut off' : 'holds several records';
  throw new Unreadable(
    `${path} looks like a TFRecord of statistics and ${what}. Write them anew, in one message, with tfdv.write_stats_text.`,
    path,
  );
}
