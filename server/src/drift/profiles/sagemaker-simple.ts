import type { Profile } from '../profile';
import { comparing } from './sagemaker';

/** SageMaker Model Monitor under a constraints file of `comparison_method: Simple`, which takes nothing off for sampling. */
export const sagemakerSimple: Profile = comparing({
  id: 'sagemaker-simple@2.0',
  names: ['sagemaker-simple', 'sagemaker-simple@2.0'],
  ranks: 'distinct values',
  method: 'Simple',
});
