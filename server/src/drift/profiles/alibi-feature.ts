import type { Profile } from '../profile';
import { alibiWith } from './alibi';

/** TabularDrift's `predict` with `drift_type="feature"`: every column by itself at 0.05, no matter how many there are. */
export const alibiFeature: Profile = alibiWith('none', 'alibi-feature');
