/** SQL of whether a text can be read, and of its value. */
export interface Reading {
  readonly reads: (cell: string) => string;
  readonly value: (cell: string) => string;
}
