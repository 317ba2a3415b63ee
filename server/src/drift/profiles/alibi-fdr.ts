import type { Profile } from '../profile';
import { alibiWith } from './alibi';

/** TabularDrift with `correction="fdr"`: the dataset drifts when any p-value is below its Benjamini–Hochberg limit. */
export const alibiFdr: Profile = alibiWith('fdr', 'alibi-fdr');
