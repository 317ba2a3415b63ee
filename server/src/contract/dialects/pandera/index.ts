import type { Dialect } from '../../dialect';
import { PANDERA } from '../../pandera';
import { beyond, read, recognises } from './read';

/** A schema of a data frame as `pandera.io` saves it, with checks as keys, as a map or as a list. */
export const pandera: Dialect = { id: PANDERA, title: 'pandera schema', recognises, read, beyond };
