import { isQuality, signalsOf } from '../../azure-ml';
import type { Dialect } from '../../dialect';
import { read } from './read';

/** Data quality signals of a monitor of Azure Machine Learning: a table a signal. Signals of drift are monitors only. */
export const azureMl: Dialect = {
  id: 'azure-ml',
  title: 'Azure ML monitor',
  recognises: (_path, { root }) => {
    const signals = signalsOf(root);
    return signals?.kind === 'map' && signals.entries.some(({ value }) => isQuality(value));
  },
  read,
};
