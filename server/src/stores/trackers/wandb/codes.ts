import type { Codes } from '../../finding';

/** What findings on W&B's runs can be. */
export const codes = {
  'wandb/log-cut': ['warning', 'A run’s log ends within a record; what stands before is read.'],
  'wandb/log-corrupt': ['warning', 'Bytes of a run’s log have changed; the records around them are read.'],
  'wandb/not-a-log': ['warning', 'A `.wandb` file is not a log of W&B, so its run is not read.'],
  'wandb/no-log': [
    'warning',
    'A run’s folder has no `.wandb` file, which alone holds its config, summary and artifacts.',
  ],
  'wandb/unreadable': ['warning', 'A file or folder of a run may not be read.'],
  'wandb/unfinished': ['info', 'A run’s log has no end: it was killed, or is still running elsewhere.'],
  'wandb/resumed': ['info', 'A run was resumed, so that it has several folders; they are shown as one run.'],
  'wandb/broken-json': ['warning', 'A JSON or YAML file of a run is broken.'],
  'wandb/uncommitted': ['warning', 'A run ran with changes that no commit has.'],
  'wandb/reference-moves': ['warning', 'An artifact refers to an address whose content is not pinned.'],
  'wandb/digest-differs': ['error', 'An artifact’s digest is not the one of the files that it lists.'],
} as const satisfies Codes;
