import type { LockFormat } from '../environment';
import { environmentCodes } from '../packages/codes';
import { readLock } from '../packages/lock';
import { isRequirements, requirementsOf } from '../packages/requirements-text';

/** `requirements.txt` of pip, by hand or by pip-tools. Its inputs, `*.in`, declare and are not meant to pin. */
export const requirements: LockFormat = {
  kind: 'requirements',
  codes: environmentCodes,
  matches: isRequirements,
  read: (path, world) => readLock('requirements', path, world, requirementsOf),
};
