/** One dependency as PEP 508 and pip write it. */
export interface Requirement {
  /** As spelled; undefined for a bare address or path that does not say it. */
  readonly name: string | undefined;
  /** `>=1.5,<2`; empty when there is none. */
  readonly specifier: string;
  /** An address or a path in place of a version. */
  readonly url: string | undefined;
  readonly marker: string | undefined;
}

/** What a requirement says of the version. A range, an address that may change, or nothing keep it from being one. */
export type Pin =
  | { readonly is: 'one'; readonly version: string | undefined }
  | { readonly is: 'range' | 'open' | 'moving'; readonly version: undefined };

/** Characters of one requirement. A name, its versions and a marker never take as many; only garbage does. */
const longestLine = 2000;
const nameFirst = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(?:\[[^\]]*\]\s*)?(.*)$/is;
const comparison = /^(===|==|~=|!=|<=|>=|<|>)\s*[^\s,;()]+$/;
const address = /^(?:[a-z][a-z0-9]*\+)?[a-z][a-z0-9]*:\/{1,3}\S|^(?:\.{1,2}[\\/]|[\\/]|\.{1,2}$|~[\\/])/i;

/** Undefined when the text is no requirement. */
export function requirementOf(text: string): Requirement | undefined {
  const line = text.trim();
  if (line.length > longestLine) return undefined;
  if (isAddress(line)) return addressed(line);
  const [, name, rest = ''] = nameFirst.exec(line) ?? [];
  if (name === undefined) return undefined;
  if (rest.startsWith('@')) return { ...addressed(rest.slice(1).trim()), name };
  const [versions = '', ...marker] = rest.split(';');
  const specifier = specifierOf(versions);
  return specifier === undefined
    ? undefined
    : { name, specifier, url: undefined, marker: marker.join(';').trim() || undefined };
}

const isAddress = (line: string): boolean =>
  address.test(line) || /^[^\s=<>;@[]+[\\/][^\s;]*|^\S+\.(whl|tar\.gz|zip)(\s|$)/i.test(line);

function addressed(text: string): Requirement {
  const [url = '', ...rest] = text.split(/\s+(?=;)/);
  const egg = /[#&]egg=([^&[]+)/.exec(url)?.[1];
  const wheel = /([a-z0-9._]+)-[^-/\\]+(?:-[^-/\\]+){3,4}\.whl(?:[#?]|$)/i.exec(url)?.[1];
  return { name: egg ?? wheel, specifier: '', url, marker: rest.join(' ').replace(/^;\s*/, '') || undefined };
}

function specifierOf(text: string): string | undefined {
  const parts = text
    .trim()
    .replace(/^\((.*)\)$/, '$1')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.every((part) => comparison.test(part))
    ? parts.map((part) => part.replace(/\s+/g, '')).join(',')
    : undefined;
}

/** Whether a requirement names one version. `hashed` when the line has hashes, which pin the bytes of an address too. */
export function pinOf({ specifier, url }: Requirement, hashed = false): Pin {
  if (url !== undefined) return pinOfAddress(url, hashed);
  if (specifier === '') return { is: 'open', version: undefined };
  const version = exactOf(specifier);
  return version === undefined ? { is: 'range', version: undefined } : { is: 'one', version };
}

/** The version that `==` or `===` names, if one does. */
function exactOf(specifier: string): string | undefined {
  const exact = specifier.split(',').find((part) => /^===?[^=*]+$/.test(part));
  return exact?.replace(/^=+/, '');
}

/** A path is code of this repository, whose version is the commit. */
function pinOfAddress(url: string, hashed: boolean): Pin {
  const place = url.replace(/^file:\/*/i, '/');
  const version = /\/?[a-z0-9._]+-([^-/\\]+)(?:-[^-/\\]+){3,4}\.whl(?:[#?]|$)/i.exec(url)?.[1];
  if (!/^(?:[a-z][a-z0-9]*\+)?[a-z][a-z0-9]*:\/\//i.test(place)) return { is: 'one', version };
  if (/^(git|hg|svn|bzr)\+/i.test(url)) {
    const commit = /@([0-9a-f]{40}|[0-9a-f]{64})(?=#|$|\?)/i.exec(url)?.[1];
    return commit ? { is: 'one', version: commit } : { is: 'moving', version: undefined };
  }
  const isHashed = hashed || /[#&](?:sha\d+|md5)=[0-9a-f]{32,}/i.test(url);
  return isHashed ? { is: 'one', version } : { is: 'moving', version: undefined };
}

/** An address as it may be shown: without user, password and query. */
export const shownAddress = (url: string): string => url.replace(/\/\/[^/@\s]*@/, '//').replace(/[?#].*$/, '');
