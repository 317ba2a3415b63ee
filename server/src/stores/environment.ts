// What a run stands on beside code and data: packages and container images, as files declare them.
import type { Location } from '../protocol';
import type { World } from '../world';
import type { Codes, Reading } from './finding';

/** A file that names packages. */
export interface LockFile {
  /** Absolute. */
  readonly path: string;
  /** `uv`, `poetry`, `requirements`: the tool's own word. */
  readonly kind: string;
  /** Whether it names one version of everything, so that installing it twice gives the same. */
  readonly pinned: boolean;
  readonly packages: readonly LockedPackage[];
}

export interface LockedPackage {
  readonly name: string;
  /** Undefined where the file leaves it open. */
  readonly version: string | undefined;
  readonly location: Location;
}

/** One format of files that name packages. Problems say which package is open and which version would pin it. */
export interface LockFormat {
  readonly kind: string;
  readonly codes: Codes;
  /** By its name alone. */
  matches(path: string): boolean;
  read(path: string, world: World): Promise<Reading<LockFile>>;
}

/** A container image that a file builds on or starts. */
export interface ImageUse {
  /** The file, absolute. */
  readonly path: string;
  /** As it is after variables are filled in: `python:3.11-slim`. */
  readonly image: string;
  /** `sha256:…`; undefined when a tag, which may move, is all that names it. */
  readonly digest: string | undefined;
  readonly location: Location;
}

/** One format of files that name images. */
export interface ImageFormat {
  readonly kind: string;
  readonly codes: Codes;
  matches(path: string): boolean;
  read(path: string, world: World): Promise<Reading<readonly ImageUse[]>>;
}
