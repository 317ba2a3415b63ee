import type { Column } from '../../contract/model';
import type { CheckKind, Measure } from '../check';
import { demanding, demandOutcome, implied } from '../demand';
import { matching } from '../matching';
import type { Field } from '../source';
import { numericOf } from '../values';
import { are } from '../words';

interface TextFormat {
  readonly be: string;
  /** Written so that RE2 and JavaScript read it alike. */
  readonly pattern: string;
  readonly longest?: number;
}

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = `${octet}(?:\\.${octet}){3}`;
const hex = '[0-9A-Fa-f]{1,4}';
/** RFC 4291: eight groups, or fewer around one `::`; the last two may be written as IPv4. */
const ipv6 = [
  `(?:${hex}:){7}${hex}`,
  `(?:${hex}:){6}${ipv4}`,
  `(?:${hex}:){1,7}:`,
  `:(?:(?::${hex}){1,7}|:)`,
  ...[1, 2, 3, 4, 5, 6].map((before) => `(?:${hex}:){${before}}(?::${hex}){1,${7 - before}}`),
  `::(?:${hex}:){0,5}${ipv4}`,
  ...[1, 2, 3, 4, 5].map((before) => `(?:${hex}:){${before}}(?::${hex}){0,${5 - before}}:${ipv4}`),
].join('|');
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const hostname = `${label}(?:\\.${label})*`;

/** `password` and `binary` say how a text is to be treated, and nothing of what it holds. */
const texts: Readonly<Record<string, TextFormat>> = {
  email: {
    be: 'an e-mail address',
    pattern: `^[A-Za-z0-9.!#$%&'*+/=?^_\`{|}~-]+@${hostname}$`,
    longest: 254,
  },
  uuid: { be: 'a UUID', pattern: '^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$' },
  uri: { be: 'a URI', pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>"{}|\\\\^`]+$' },
  hostname: { be: 'a host name', pattern: `^${hostname}$`, longest: 253 },
  ipv4: { be: 'an IPv4 address', pattern: `^${ipv4}$` },
  ipv6: { be: 'an IPv6 address', pattern: `^(?:${ipv6})$` },
  byte: { be: 'base64', pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' },
};

/** `i8` … `u128`: the width in bits is in the name. */
const width = /^([iu])(8|16|32|64|128)$/;

export const format: CheckKind = {
  id: 'format',
  checks: ({ column }) => {
    const word = column?.options.format;
    if (!column || typeof word !== 'string') return [];
    const measure = measureFor(column, word);
    return measure ? [implied(column, { kind: 'format', dimension: 'conformity', expected: word, measure })] : [];
  },
};

function measureFor({ logicalType }: Column, word: string): ((field: Field) => Measure) | undefined {
  const text = Object.hasOwn(texts, word) ? texts[word] : undefined;
  if (text && (logicalType === undefined || logicalType === 'string')) return (field) => textMeasure(field, text);
  const [, signed, bits] = width.exec(word) ?? [];
  return bits === undefined ? undefined : (field) => widthMeasure(field, word, signed === 'i', BigInt(bits));
}

function textMeasure(field: Field, { be, pattern, longest }: TextFormat): Measure {
  const broken = are(be === 'base64' ? 'not' : 'none');
  return matching(field, {
    pattern,
    ...(longest === undefined ? {} : { bad: `length(${field.text}) > ${longest}` }),
    judge: (count, rows) => demandOutcome(field, { be, broken }, count, rows),
  });
}

function widthMeasure(field: Field, word: string, signed: boolean, bits: bigint): Measure {
  const low = signed ? -(2n ** (bits - 1n)) : 0n;
  const high = signed ? 2n ** (bits - 1n) - 1n : 2n ** bits - 1n;
  const value = numericOf(field);
  return demanding(field, {
    be: `within ${word}`,
    broken: ['does not fit', 'do not fit'],
    predicate: `(${value} < ${low} OR ${value} > ${high})`,
  });
}
