import type { Dialect } from '../dialect';
import { odcs } from './odcs';

export const members: readonly Dialect[] = [odcs];
