import type { CustomEngine } from '../custom-engine';
import { expectationCheck } from '../expectations/check';

export const greatExpectations: CustomEngine = {
  names: ['greatexpectations', 'greatexpectation', 'gx'],
  check: expectationCheck,
};
