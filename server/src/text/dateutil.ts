/** The day from which dateutil takes what a text leaves out. Months from 1. */
export interface Today {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/**
 * Whether `dateutil.parser.parse`, of Python's package dateutil 2.8 to 4.0, makes a date of the text: it guesses what each
 * number and word is, so that `10` is a day, `2024-W3` is none, and `31` is one in months that have so many days.
 */
export function isDateutilDate(text: string, today: Today): boolean {
  try {
    return new Reading(tokensOf(withPlainDigits(text)), today).isDate();
  } catch (error) {
    if (error instanceof NoDate) return false;
    throw error;
  }
}

class NoDate extends Error {}

const isLetter = (character: string): boolean => /^\p{L}$/u.test(character);
/** As Python's `isdigit`, which has small and circled ones, though none of them is a number. */
const isDigit = (character: string): boolean =>
  /^[0-9²³¹\u1369-\u1371\u19da⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]$/u.test(
    character,
  );
/** As Python's `isspace`: with the separators of old tapes, without the mark of the byte order. */
const isSpace = (character: string): boolean =>
  '\x1c\x1d\x1e\x1f\x85'.includes(character) || (/^\s$/.test(character) && character !== '\ufeff');

/** Digits of all scripts are numbers; those of a script follow each other. */
function withPlainDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    let first = digit.codePointAt(0) ?? 0;
    const last = first;
    while (/^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--;
    return String((last - first) % 10);
  });
}

type State = 'start' | 'word' | 'number' | 'word.' | 'number.';

/** Words, numbers and single characters, where a dot between digits may be a point and one between words is none. */
function tokensOf(text: string): string[] {
  const characters = [...text].filter((character) => character !== '\0');
  const tokens: string[] = [];
  let at = 0;
  while (at < characters.length) {
    const { token, state, hasLetters, end } = tokenAt(characters, at);
    at = end;
    const isDotted = state === 'word.' || state === 'number.';
    const dots = token.split('.').length - 1;
    const parts = isDotted && (hasLetters || dots > 1 || /[.,]$/.test(token)) ? token.split(/([.,])/) : [token];
    const [first = '', ...others] = parts;
    tokens.push(state === 'number.' && !first.includes('.') ? first.replaceAll(',', '.') : first);
    tokens.push(...others.filter((part) => part !== ''));
  }
  return tokens;
}

interface Token {
  readonly token: string;
  readonly state: State;
  /** Whether a second character was read while it was a word. */
  readonly hasLetters: boolean;
  readonly end: number;
}

function tokenAt(characters: readonly string[], from: number): Token {
  const first = characters[from] ?? '';
  if (!isLetter(first) && !isDigit(first))
    return { token: isSpace(first) ? ' ' : first, state: 'start', hasLetters: false, end: from + 1 };
  let state: State = isLetter(first) ? 'word' : 'number';
  let token = first;
  let hasLetters = false;
  let at = from + 1;
  for (; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (state === 'word' || state === 'word.') hasLetters = true;
    const next = stateAfter(state, character, token);
    if (!next) break;
    state = next;
    token += character;
  }
  return { token, state, hasLetters, end: at };
}

/** Undefined for a character that begins another token. */
function stateAfter(state: State, character: string, token: string): State | undefined {
  if (state === 'word') return isLetter(character) ? 'word' : character === '.' ? 'word.' : undefined;
  if (state === 'number') {
    if (isDigit(character)) return 'number';
    return character === '.' || (character === ',' && token.length >= 2) ? 'number.' : undefined;
  }
  const [same, other] = state === 'word.' ? ([isLetter, isDigit] as const) : ([isDigit, isLetter] as const);
  if (character === '.' || same(character)) return state;
  if (other(character) && token.endsWith('.')) return state === 'word.' ? 'number.' : 'word.';
  return undefined;
}

const jumps: ReadonlySet<string> = new Set([
  ' ',
  '.',
  ',',
  ';',
  '-',
  '/',
  "'",
  'at',
  'on',
  'and',
  'ad',
  'm',
  't',
  'of',
  'st',
  'nd',
  'rd',
  'th',
]);
const indexed = (words: readonly (readonly string[])[]): ReadonlyMap<string, number> =>
  new Map(words.flatMap((names, index) => names.map((name) => [name, index] as const)));
const weekdays = indexed(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day.slice(0, 3), day]),
);
const months = indexed([
  ['jan', 'january'],
  ['feb', 'february'],
  ['mar', 'march'],
  ['apr', 'april'],
  ['may'],
  ['jun', 'june'],
  ['jul', 'july'],
  ['aug', 'august'],
  ['sep', 'sept', 'september'],
  ['oct', 'october'],
  ['nov', 'november'],
  ['dec', 'december'],
]);
const units = indexed([
  ['h', 'hour', 'hours'],
  ['m', 'minute', 'minutes'],
  ['s', 'second', 'seconds'],
]);
const halves = indexed([
  ['am', 'a'],
  ['pm', 'p'],
]);

const isJump = (token: string): boolean => jumps.has(token.toLowerCase());
const monthIn = (token: string): number | undefined => {
  const index = months.get(token.toLowerCase());
  return index === undefined ? undefined : index + 1;
};
const unitIn = (token: string | undefined): number | undefined => units.get(token?.toLowerCase() ?? '');
const halfIn = (token: string): number | undefined => halves.get(token.toLowerCase());
const isWhole = (token: string): boolean => /^[0-9]+$/.test(token);
const isNumber = (token: string): boolean => /^[0-9]+(\.[0-9]*)?$/.test(token);

function whole(token: string): number {
  if (!isWhole(token)) throw new NoDate();
  return Number(token);
}

const daysIn = (year: number, month: number): number => {
  if (month < 1 || month > 12) throw new NoDate();
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
};

type Part = 'year' | 'month' | 'day';

/** Numbers that are the year, the month and the day, in an order that is guessed once all are known. */
class Parts {
  readonly values: number[] = [];
  readonly #places: Partial<Record<Part, number>> = {};
  hasCentury = false;

  /** A number, or a text that has to be one. */
  add(given: number | string, label?: Part): void {
    const isLong = typeof given === 'string' ? isWhole(given) && given.length > 2 : given > 100;
    if (isLong) {
      this.hasCentury = true;
      if (label !== undefined && label !== 'year') throw new NoDate();
    }
    this.values.push(typeof given === 'string' ? whole(given) : Math.trunc(given));
    const part = isLong ? 'year' : label;
    if (part === undefined) return;
    if (this.#places[part] !== undefined) throw new NoDate();
    this.#places[part] = this.values.length - 1;
  }

  couldBeDay(value: number): boolean {
    const { year, month, day } = this.#places;
    if (day !== undefined) return false;
    const last = month === undefined ? 31 : daysIn(year === undefined ? 2000 : this.#at(year), this.#at(month));
    return value >= 1 && value <= last;
  }

  #at = (index: number): number => this.values.at(index) ?? 0;

  resolved(): Partial<Record<Part, number>> {
    const { values } = this;
    const known = Object.entries(this.#places) as [Part, number][];
    if ((known.length > 0 && known.length === values.length) || (values.length === 3 && known.length === 2))
      return this.#byPlaces(known);
    if (values.length > 3) throw new NoDate();
    const month = this.#places.month;
    if (values.length === 0) return {};
    if (values.length === 1 || (month !== undefined && values.length === 2)) return this.#ofOne(month);
    const order = values.length === 2 ? this.#orderOfTwo() : this.#orderOfThree(month);
    return Object.fromEntries(order.map((part, index) => [part, values[index]]));
  }

  #byPlaces(known: readonly (readonly [Part, number])[]): Partial<Record<Part, number>> {
    const found: Partial<Record<Part, number>> = Object.fromEntries(known.map(([part, at]) => [part, this.#at(at)]));
    if (known.length === this.values.length) return found;
    const places = new Set(known.map(([, at]) => at));
    const left = [0, 1, 2].find((at) => !places.has(at)) ?? 0;
    const part = (['year', 'month', 'day'] as const).find((one) => found[one] === undefined) ?? 'day';
    return { ...found, [part]: this.#at(left) };
  }

  #ofOne(month: number | undefined): Partial<Record<Part, number>> {
    const named = month === undefined ? {} : { month: this.#at(month) };
    if (month !== undefined && this.values.length === 1) return named;
    const other = this.#at(month === undefined ? 0 : month - 1);
    return { ...named, [other > 31 ? 'year' : 'day']: other };
  }

  #orderOfTwo(): readonly Part[] {
    if (this.#at(0) > 31) return ['year', 'month'];
    return this.#at(1) > 31 ? ['month', 'year'] : ['month', 'day'];
  }

  #orderOfThree(month: number | undefined): readonly Part[] {
    if (month === 0) return this.#at(1) > 31 ? ['month', 'year', 'day'] : ['month', 'day', 'year'];
    if (month === 1) return this.#at(0) > 31 ? ['year', 'month', 'day'] : ['day', 'month', 'year'];
    if (month === 2) return this.#at(1) > 31 ? ['day', 'year', 'month'] : ['year', 'day', 'month'];
    if (this.#at(0) > 31 || this.#places.year === 0) return ['year', 'month', 'day'];
    return this.#at(0) > 12 ? ['day', 'month', 'year'] : ['month', 'day', 'year'];
  }
}

/** Seconds that a time zone may be off: beyond, Python's timedelta overflows. */
const FARTHEST = 999_999_999 * 86_400;

class Reading {
  readonly #parts = new Parts();
  #at = 0;
  #hour: number | undefined;
  #minute: number | undefined;
  #second: number | undefined;
  #weekday: number | undefined;
  #zone: string | undefined;
  #offset: number | undefined;

  constructor(
    readonly tokens: string[],
    readonly today: Today,
  ) {}

  isDate(): boolean {
    for (this.#at = 0; this.#at < this.tokens.length; this.#at++) this.#token(this.#get(this.#at));
    const { year, month, day } = this.#parts.resolved();
    const said = [year, month, day, this.#hour, this.#minute, this.#second, this.#weekday, this.#zone, this.#offset];
    if (said.every((part) => part === undefined)) return false;
    if (Math.abs(this.#offset ?? 0) > FARTHEST) return false;
    return this.#isTime() && this.#isDay(year === undefined ? undefined : this.#fullYear(year), month, day);
  }

  #isTime(): boolean {
    return (this.#hour ?? 0) <= 23 && (this.#minute ?? 0) <= 59 && (this.#second ?? 0) <= 59;
  }

  #isDay(year = this.today.year, month = this.today.month, given?: number): boolean {
    const last = daysIn(year, month);
    const day = given ?? Math.min(this.today.day, last);
    if (year < 1 || year > 9999 || day < 1 || day > last) return false;
    // The next such weekday may lie beyond the last year.
    if (this.#weekday === undefined || given !== undefined || year < 9999 || month < 12) return true;
    const ahead = (this.#weekday - ((new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7) + 7) % 7;
    return day + ahead <= last;
  }

  /** A year of two digits is the nearest such. */
  #fullYear(year: number, hasCentury = this.#parts.hasCentury): number {
    if (year >= 100 || hasCentury) return year;
    const now = this.today.year;
    const near = year + Math.floor(now / 100) * 100;
    return near >= now + 50 ? near - 100 : near < now - 50 ? near + 100 : near;
  }

  /** A token that is not there makes the text no date. */
  #get(at: number): string {
    const token = this.tokens[at];
    if (token === undefined) throw new NoDate();
    return token;
  }

  #has(at: number): boolean {
    return at < this.tokens.length;
  }

  #token(token: string): void {
    const weekday = weekdays.get(token.toLowerCase());
    const month = monthIn(token);
    const half = halfIn(token);
    // What Python's float takes and a decimal number refuses.
    if (/^(nan|inf|infinity)$/i.test(token)) throw new NoDate();
    if (isNumber(token)) this.#number(token);
    else if (weekday !== undefined) this.#weekday = weekday;
    else if (month !== undefined) this.#month(month);
    else if (half !== undefined) this.#half(half);
    else if (this.#couldBeZone(token, this.#offset)) this.#zoneName(token);
    else if (this.#hour !== undefined && (token === '+' || token === '-')) this.#zoneOffset(token === '+' ? 1 : -1);
    else if (!isJump(token)) throw new NoDate();
  }

  /** `Jan`, `Jan-01-99`, `Jan of 01`. */
  #month(month: number): void {
    const at = this.#at;
    this.#parts.add(month, 'month');
    const separator = this.tokens[at + 1];
    if (separator === '-' || separator === '/') {
      this.#parts.add(this.#get(at + 2));
      this.#at += 2;
      if (this.tokens[at + 3] !== separator) return;
      this.#parts.add(this.#get(at + 4));
      this.#at += 2;
    } else if (this.#has(at + 4) && separator === ' ' && this.tokens[at + 3] === ' ') {
      if (this.tokens[at + 2]?.toLowerCase() !== 'of') return;
      const year = this.#get(at + 4);
      if (isWhole(year)) this.#parts.add(String(this.#fullYear(Number(year), false)), 'year');
      this.#at += 4;
    }
  }

  #half(half: number): void {
    if (this.#hour === undefined || this.#hour > 12) throw new NoDate();
    this.#hour = inHalf(this.#hour, half);
  }

  #couldBeZone(token: string, offset: number | undefined): boolean {
    return (
      this.#hour !== undefined && this.#zone === undefined && offset === undefined && /^([A-Z]{1,5}|z)$/.test(token)
    );
  }

  /** `GMT+3` is three hours before what `+3` alone is. */
  #zoneName(token: string): void {
    this.#zone = token;
    this.#offset = token === 'z' ? 0 : undefined;
    const sign = this.tokens[this.#at + 1];
    if (sign !== '+' && sign !== '-') return;
    this.tokens[this.#at + 1] = sign === '+' ? '-' : '+';
    this.#offset = undefined;
    if (/^(utc|gmt|z)$/i.test(token)) this.#zone = undefined;
  }

  /** `-0300`, `-03:00`, `-3`, and a name in brackets after it. */
  #zoneOffset(sign: 1 | -1): void {
    const digits = this.#get(this.#at + 1);
    const { length } = [...digits];
    if (length === 4) this.#setOffset(sign, whole(digits.slice(0, 2)), whole(digits.slice(2)));
    else if (this.tokens[this.#at + 2] === ':') {
      this.#setOffset(sign, whole(digits), whole(this.#get(this.#at + 3)));
      this.#at += 2;
    } else if (length <= 2) this.#setOffset(sign, whole(digits), 0);
    else throw new NoDate();
    const [jump, open, name, close] = this.tokens.slice(this.#at + 2, this.#at + 6);
    if (jump !== undefined && isJump(jump) && open === '(' && close === ')' && name !== undefined && name.length >= 3) {
      if (this.#couldBeZone(name, undefined)) {
        this.#zone = name;
        this.#at += 4;
      }
    }
    this.#at += 1;
  }

  #setOffset(sign: 1 | -1, hours: number, minutes: number): void {
    this.#offset = sign * (hours * 3600 + minutes * 60);
  }

  #number(token: string): void {
    const { length } = token;
    if (this.#isTimeAfterDate(length)) {
      this.#hour = whole(token.slice(0, 2));
      if (length === 4) this.#minute = whole(token.slice(2));
    } else if (length === 6 || (length > 6 && token.indexOf('.') === 6)) this.#six(token);
    else if (length === 8 || length === 12 || length === 14) this.#long(token);
    else if (!this.#withUnit(token) && !this.#clock(token) && !this.#separated(token)) this.#alone(token);
  }

  /** `19990101T23[59]`. */
  #isTimeAfterDate(length: number): boolean {
    if (this.#parts.values.length !== 3 || (length !== 2 && length !== 4) || this.#hour !== undefined) return false;
    const next = this.tokens[this.#at + 1];
    return next === undefined || (next !== ':' && unitIn(next) === undefined);
  }

  /** `YYMMDD` or `HHMMSS[.ss]`. */
  #six(token: string): void {
    if (this.#parts.values.length === 0 && !token.includes('.')) {
      for (const at of [0, 2, 4]) this.#parts.add(token.slice(at, at + 2));
      return;
    }
    this.#hour = whole(token.slice(0, 2));
    this.#minute = whole(token.slice(2, 4));
    this.#second = seconds(token.slice(4));
  }

  /** `YYYYMMDD[hhmm[ss]]`. */
  #long(token: string): void {
    this.#parts.add(token.slice(0, 4), 'year');
    this.#parts.add(token.slice(4, 6));
    this.#parts.add(token.slice(6, 8));
    if (token.length === 8) return;
    this.#hour = whole(token.slice(8, 10));
    this.#minute = whole(token.slice(10, 12));
    if (token.length > 12) this.#second = whole(token.slice(12));
  }

  /** `12h`, `12 h`, and `04` of `12h04`. */
  #withUnit(token: string): boolean {
    const at = this.#unitPlace();
    if (at === undefined) return false;
    const unit = (unitIn(this.tokens[at]) ?? 0) + (at > this.#at ? 0 : 1);
    if (at > this.#at) this.#at = at;
    if (unit === 0) this.#hour = integral(token);
    // Part of an hour is minutes, whatever they were.
    if (unit === 0 && /\.[0-9]*[1-9]/.test(token)) this.#minute = 0;
    if (unit === 1) this.#minutes(token);
    if (unit === 2) this.#second = seconds(token);
    return true;
  }

  /** Minutes say the seconds too: their part of a minute, or none. */
  #minutes(token: string): void {
    this.#minute = integral(token);
    this.#second = undefined;
  }

  #unitPlace(): number | undefined {
    const { tokens } = this;
    const at = this.#at;
    if (unitIn(tokens[at + 1]) !== undefined) return at + 1;
    if (tokens[at + 1] === ' ' && unitIn(tokens[at + 2]) !== undefined) return at + 2;
    if (unitIn(tokens[at - 1]) !== undefined) return at - 1;
    const isLast = at > 1 && at === tokens.length - 1 && tokens[at - 1] === ' ';
    return isLast && unitIn(tokens[at - 2]) !== undefined ? at - 2 : undefined;
  }

  /** `HH:MM[:SS[.ss]]`. */
  #clock(token: string): boolean {
    const at = this.#at;
    if (!this.#has(at + 2) || this.tokens[at + 1] !== ':') return false;
    const minutes = this.#get(at + 2);
    if (!isNumber(minutes)) throw new NoDate();
    this.#hour = integral(token);
    this.#minutes(minutes);
    this.#at += 2;
    if (!this.#has(at + 4) || this.tokens[at + 3] !== ':') return true;
    this.#second = seconds(this.#get(at + 4));
    this.#at += 2;
    return true;
  }

  /** `01-01[-01]`, `01-Jan[-01]`. */
  #separated(token: string): boolean {
    const at = this.#at;
    const separator = this.tokens[at + 1];
    if (separator !== '-' && separator !== '/' && separator !== '.') return false;
    this.#parts.add(token);
    this.#at += 1;
    const second = this.tokens[at + 2];
    if (second === undefined || isJump(second)) return true;
    this.#addNumberOrMonth(second, isWhole(second));
    this.#at += 1;
    if (this.tokens[at + 3] !== separator) return true;
    this.#addNumberOrMonth(this.#get(at + 4), true);
    this.#at += 2;
    return true;
  }

  #addNumberOrMonth(token: string, mayBeNumber: boolean): void {
    const month = monthIn(token);
    if (month !== undefined) this.#parts.add(month, 'month');
    else if (mayBeNumber) this.#parts.add(token);
    else throw new NoDate();
  }

  /** `12 am`, `12am`, a year, a month or a day. */
  #alone(token: string): void {
    const value = Number(token);
    const next = this.tokens[this.#at + 1];
    if (next === undefined || isJump(next)) {
      const half = halfIn(this.tokens[this.#at + 2] ?? '');
      if (half !== undefined) this.#hour = inHalf(integral(token), half);
      else this.#parts.add(value);
      this.#at += half === undefined ? 1 : 2;
      return;
    }
    const half = halfIn(next);
    if (half !== undefined && value < 24) {
      this.#hour = inHalf(integral(token), half);
      this.#at += 1;
      return;
    }
    if (!this.#parts.couldBeDay(value)) throw new NoDate();
    this.#parts.add(value);
  }
}

const inHalf = (hour: number, half: number): number =>
  hour < 12 && half === 1 ? hour + 12 : hour === 12 && half === 0 ? 0 : hour;

const integral = (token: string): number => Math.trunc(Number(token.replace(/\..*/, '')));

/** The whole seconds of `I[.F]`. */
function seconds(token: string): number {
  const [before = '', after, ...more] = token.split('.');
  if (more.length > 0 || (after !== undefined && after !== '' && !isWhole(after.slice(0, 6)))) throw new NoDate();
  return whole(before);
}
