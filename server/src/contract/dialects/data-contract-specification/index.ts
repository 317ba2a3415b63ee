import type { Dialect } from '../../dialect';
import { beyond } from './beyond';
import { DATA_CONTRACT_SPECIFICATION, read, recognises } from './read';

/** The specification of datacontract.com, 0.9 to 1.2, which ODCS succeeds. Written as 1.2.1. */
export const dataContractSpecification: Dialect = {
  id: DATA_CONTRACT_SPECIFICATION,
  title: 'Data Contract Specification',
  recognises,
  read,
  beyond,
};
