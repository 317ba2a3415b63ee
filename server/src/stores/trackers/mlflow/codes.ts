import type { Codes } from '../../finding';

/** What can be in the way of reading MLflow's stores. */
export const codes = {
  'mlflow/run-unreadable': [
    'warning',
    'A part of an MLflow run is damaged or half-written; the rest of the store is read.',
  ],
  'mlflow/experiment-unreadable': [
    'warning',
    'The meta.yaml of an MLflow experiment cannot be read, so its runs have no experiment.',
  ],
  'mlflow/model-unreadable': [
    'warning',
    'A version of a model in an MLflow registry, or the MLmodel file of a model, is damaged or too large.',
  ],
  'mlflow/environment-missing': [
    'warning',
    'An MLmodel or MLproject file names a file of its environment that is not there.',
  ],
  'mlflow/project-broken': ['warning', 'An MLproject file is no YAML, or says what MLflow refuses to run.'],
  'mlflow/artifacts-elsewhere': [
    'info',
    'Runs name their artifacts by paths of another place; they are looked for beside the store.',
  ],
  'mlflow/database-unreadable': ['error', 'An MLflow database is damaged, or may not be opened.'],
  'mlflow/database-busy': ['warning', 'An MLflow database is being written; what is shown may lack the latest.'],
  'mlflow/database-too-large': ['error', 'An MLflow database is too large to be read in memory.'],
} as const satisfies Codes;

/** One of the codes above. */
export type Code = keyof typeof codes;
