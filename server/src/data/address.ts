import type { World } from '../world';

/** A dataset reference that is no path, of one scheme. */
export interface Address {
  /** What such a reference begins with, in lower case: `lakefs://`. */
  readonly prefix: string;
  /** Where its data are. Rejects with `Unreadable`, which says what would mend it, and with the signal's reason. */
  place(ref: string, context: AddressContext): Promise<Placed>;
  /**
   * States of the data up to the reference, newest first, where the scheme knows of any. Rejects as `place`.
   */
  readonly versions?: ((ref: string, context: AddressContext) => Promise<readonly AddressVersion[]>) | undefined;
  /** The commit of the newest state of the data at or before the reference. Rejects as `place`. */
  readonly lastChange?: ((ref: string, context: AddressContext) => Promise<string>) | undefined;
  /** Whether both name the same data, at whatever version. */
  readonly isSame?: ((one: string, other: string) => boolean) | undefined;
}

export interface AddressContext {
  /** Absolute; where relative references start. */
  readonly folder: string;
  readonly world: World;
  readonly signal?: AbortSignal | undefined;
}

/** A path of this machine that stands for the reference, or files that were brought here. */
export type Placed =
  | { readonly path: string }
  | { readonly files: readonly PlacedFile[]; readonly version?: DataVersion };

export interface PlacedFile {
  /** As a person names it. It tells the format. */
  readonly name: string;
  /** Absolute, where its bytes are; with the folders of its partitions. */
  readonly path: string;
}

/** The version that was read of data that have versions. */
export interface DataVersion {
  readonly commit: string;
  /** What a person must know of it, where the reference does not always name it: a sentence. */
  readonly note?: string | undefined;
}

export interface AddressVersion {
  /** A reference that names this version only. */
  readonly ref: string;
  readonly commit: string;
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  readonly subject: string;
}
