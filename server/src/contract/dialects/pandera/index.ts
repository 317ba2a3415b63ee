import type { Dialect } from '../../dialect';
import { PANDERA, read, recognises } from './read';

/** A schema of a data frame as `pandera.io` saves it, with checks as a map or as a list. Only read. */
export const pandera: Dialect = { id: PANDERA, title: 'pandera schema', recognises, read };
