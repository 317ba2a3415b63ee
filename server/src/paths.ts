import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is the folder or lies in it; both are absolute. What a file names elsewhere is not ours to open. */
export function isWithin(folder: string, path: string): boolean {
  const inside = folder.endsWith(sep) ? folder : folder + sep;
  if (path === folder || (path.startsWith(inside) && !path.includes('..'))) return true;
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
