import type { Profile } from '../profile';
import { comparing } from './sagemaker';

/** SageMaker Model Monitor as it would judge with deequ 2.1, which ranks all rows. */
export const sagemaker21: Profile = comparing({ id: 'sagemaker@2.1', names: ['sagemaker@2.1'], ranks: 'rows' });
