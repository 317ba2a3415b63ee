import type { ImageFormat } from '../environment';
import { imageCodes } from '../packages/codes';
import { dockerfileUses, isDockerfile } from '../packages/dockerfile-text';
import { readImages } from '../packages/image';

/** Dockerfiles and Containerfiles under every name that they usually have. */
export const dockerfile: ImageFormat = {
  kind: 'dockerfile',
  codes: imageCodes,
  matches: isDockerfile,
  read: (path, world) => readImages(path, world, dockerfileUses),
};
