/** Local data, found and ready to be read. */
export interface Dataset {
  /** As the person wrote it. */
  readonly ref: string;
  /** Absolute paths, in reading order, at least one. */
  readonly paths: readonly string[];
  readonly format: Format;
  /** Folders that an engine must be allowed to read. */
  readonly folders: readonly string[];
  /** The file or pattern that a person would open. */
  readonly path: string;
  readonly sizeBytes: number;
}

export type Format = 'parquet' | 'csv' | 'json';
