import type { ColumnType } from '../../protocol';
import type { ColumnPair } from '../column';
import type { Profile } from '../profile';
import { evidentlyOf } from './evidently';

/** Evidently 0.4.40 and 0.6.7, which say the same, with NumPy 2.0: types are those of pandas, and no column is text. */
export const evidentlyLegacy: Profile = evidentlyOf({
  id: 'evidently@0.6',
  names: ['evidently@0.4', 'evidently@0.6'],
  typeOf,
  obstacle: () => undefined,
  wholeBins: false,
});

/** `process_columns`: numbers are numerical however few; of dates without a time pandas makes objects, and these are categories. */
function typeOf({ storage, whole }: ColumnPair): ColumnType {
  if (storage === 'integer' || storage === 'fractional') return 'numerical';
  if (storage === 'datetime') return whole.current.physicalType === 'DATE' ? 'categorical' : 'datetime';
  return storage === 'boolean' ? 'boolean' : 'categorical';
}
