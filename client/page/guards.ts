import type { Progress } from '../../server/src/protocol';

/** Whether a value has a certain shape. */
export type Guard = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Guard>>;

/** Whether it is a text, a number, a flag. */
export const isText: Guard = (value) => typeof value === 'string';
export const isNumber: Guard = (value) => typeof value === 'number';
export const isFlag: Guard = (value) => typeof value === 'boolean';
/** The shape, or null. */
export const orNull =
  (guard: Guard): Guard =>
  (value) =>
    value === null || guard(value);
/** A list of which every item has the shape. */
export const listOf =
  (guard: Guard): Guard =>
  (value) =>
    Array.isArray(value) && value.every(guard);
/** An object of which these fields have their shapes, whatever else it has. */
export const shape =
  (fields: Shape): Guard =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([key, guard]) => guard(value[key]));

/** A plain object, whose fields are still to be judged. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a message by its `type`: undefined when it has not the shape that the page knows. */
export const readerOf =
  <T extends { readonly type: string }>(messages: Readonly<Record<T['type'], Guard>>) =>
  (value: unknown): T | undefined => {
    if (!isObject(value) || typeof value.type !== 'string' || !Object.hasOwn(messages, value.type)) return undefined;
    return messages[value.type as T['type']](value) ? (value as T) : undefined;
  };

const isPosition = shape({ line: isNumber, character: isNumber });
/** A place in a file. */
export const isLocation = shape({ path: isText, range: shape({ start: isPosition, end: isPosition }) });
/** How far a job is. */
export function isProgress(value: unknown): value is Progress {
  return isObject(value) && typeof value.message === 'string' && (value.share === undefined || isNumber(value.share));
}
