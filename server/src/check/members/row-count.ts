import { amount } from '../../text/words';
import { libraryKind, sentence } from '../library';
import { compareNumber } from '../operators';

export const rowCount = libraryKind('rowCount', (wish, { source }) => ({
  via: 'scan',
  of: source.scope,
  figures: {},
  judge: (_, rows) => {
    const compare = compareNumber(rows);
    const hint =
      wish.unit === 'percent' ? 'A percentage of its own rows has no meaning, so the rows were counted.' : undefined;
    return {
      verdict: wish.bound.holds(compare) ? 'holds' : 'fails',
      observed: rows,
      message: sentence(`Table "${wish.subject.table.name}" has ${amount(rows, 'row')}`, wish, compare, hint),
    };
  },
}));
