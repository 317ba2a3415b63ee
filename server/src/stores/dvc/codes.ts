import type { Codes } from '../finding';

/** What can be in the way of knowing a version that DVC keeps. */
export const dvcCodes = {
  'dvc/unreadable': ['error', 'A file of DVC cannot be read, or is not the YAML that DVC writes.'],
  'dvc/hash-invalid': ['error', 'A recorded md5 is no text of 32 hex digits, as when a number stands without quotes.'],
  'dvc/hash-missing': ['warning', 'An output has no recorded hash: it was never added, committed or reproduced.'],
  'dvc/modified': ['warning', 'Data on disk are not the version that DVC records.'],
  'dvc/missing': ['warning', 'Data that DVC records are not on disk.'],
  'dvc/not-in-cache': ['warning', 'The cache does not hold the recorded version.'],
  'dvc/not-in-remote': ['warning', 'The remote does not hold the recorded version, so that nobody else can have it.'],
  'dvc/cache-corrupt': ['error', 'A file of the cache has other content than its name says.'],
  'dvc/stage-stale': ['warning', 'A dependency, parameter, output or command of a stage differs from its last run.'],
  'dvc/stage-never-run': ['info', 'A stage has no entry in dvc.lock: it was never run, or its run was not recorded.'],
  'dvc/stage-unknown': ['warning', 'dvc.lock records a stage that dvc.yaml does not have.'],
  'dvc/parameter-unknown': ['error', 'A stage names a parameter, or a file of parameters, that does not exist.'],
  'dvc/dependency-missing': ['error', 'A stage depends on a file that is neither on disk nor an output.'],
  'dvc/interpolation': ['error', 'A template of dvc.yaml, $ and braces, names nothing that is there.'],
  'dvc/output-twice': ['error', 'Two stages write the same output, or one inside of the other.'],
  'dvc/cycle': ['error', 'Stages depend on each other in a circle.'],
  'dvc/path-outside': ['info', 'A record names a path outside of the repository, which is not read.'],
} as const satisfies Codes;
