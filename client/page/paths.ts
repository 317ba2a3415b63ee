/** The last part of a path of any system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() || path;
}

/** The file's name without what says its format: `flights` of `flights.odcs.yaml`. */
export function bareName(path: string): string {
  return fileName(path).replace(/(?<=.)(\.odcs)?\.[^.]+$/, '');
}
