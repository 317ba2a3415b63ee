import type { Dialect } from '../../dialect';
import { isConstraints, SAGEMAKER } from '../../sagemaker';
import { read } from './read';

/**
 * SageMaker Model Monitor's constraints.json: one table whose columns are the features, with one rule a check that the
 * service makes of them.
 */
export const sagemaker: Dialect = {
  id: SAGEMAKER,
  title: 'SageMaker constraints.json',
  recognises: (_path, { root }) => isConstraints(root),
  read,
};
