/** What a dependency of conda says: `channel::name=1.2=build`, `name>=1,<2`, `name[version=1.2]`. */
export interface CondaSpec {
  readonly name: string;
  /** The one version that is named. */
  readonly version: string | undefined;
  /** Everything that is said of the version; empty when nothing is. */
  readonly range: string;
}

/** Characters of a dependency or an address; what is longer is neither. */
const longest = 2000;

/** Undefined when the text is no dependency of conda. An address of an archive names its version. */
export function condaSpecOf(text: string): CondaSpec | undefined {
  if (text.length > longest) return undefined;
  const archive = archiveOf(text);
  if (archive) return { ...archive, range: archive.version };
  const [, name, rest = ''] = /^(?:[^\s]*::)?([A-Za-z0-9_][\w.-]*)\s*(.*)$/s.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  const range = (/^\[.*version\s*=\s*["']?([^"'\]]+)/.exec(rest)?.[1] ?? rest.replace(/\[.*\]$/, '')).trim();
  return { name, range, version: /^(?:={1,2}\s*)?([0-9][^\s=<>!~|,*]*)(?:[=\s][^\s=*]+\*?)?$/.exec(range)?.[1] };
}

/** Name and version in the address of a package of conda: `NAME-VERSION-BUILD.conda`. */
export function archiveOf(address: string): { readonly name: string; readonly version: string } | undefined {
  if (address.length > longest) return undefined;
  const [, name, version] = /([^/\\]+)-([^-/\\]+)-[^-/\\]+\.(?:conda|tar\.bz2)(?:[#?].*)?$/.exec(address) ?? [];
  return name !== undefined && version !== undefined ? { name, version } : undefined;
}
