/** What keeps a file that names packages from giving the same environment twice. */
export const environmentCodes = {
  'environment/not-pinned': ['warning', 'A file names a package by a range, a branch or an address without a hash.'],
  'environment/open': ['warning', 'A file names a package without any version.'],
  'environment/lock-stale': ['warning', 'A lock file does not fit the declaration that it was made from.'],
  'environment/broken': ['error', 'A file that names packages, or a part of it, cannot be read.'],
} as const;

/** What keeps a file that names container images from giving the same image twice. */
export const imageCodes = {
  'image/not-pinned': ['warning', 'A file names a container image by a tag, which may move, and not by its digest.'],
  'image/feature-not-pinned': ['warning', 'A development container takes a feature by a tag that may move.'],
  'image/broken': ['error', 'A file that names container images, or a part of it, cannot be read.'],
} as const;
