import type { Http, World } from '../../world';
import { type LakefsCode, LakefsProblem } from './codes';
import { type Connection, connectionOf } from './config';

/** One commit of a repository. */
export interface LakefsCommit {
  /** 64 hex digits. */
  readonly id: string;
  readonly committer: string;
  /** ISO 8601. */
  readonly date: string;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** One object at a ref. */
export interface LakefsObject {
  readonly path: string;
  /** md5 hex where lakeFS made it, another store's own word for the content elsewhere; empty when there is none. */
  readonly checksum: string;
  /** Bytes. */
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** Questions to one lakeFS server. All reject with `LakefsProblem` when it does not answer as it should. */
export interface LakefsApi {
  readonly endpoint: string;
  hasRepository(repository: string): Promise<boolean>;
  /** The commit that a branch is at; undefined when no branch has that name. */
  branch(repository: string, name: string): Promise<string | undefined>;
  /** Undefined when the ref names none. */
  commit(repository: string, ref: string): Promise<LakefsCommit | undefined>;
  /** Commits up to `ref` that changed the object, or anything below the prefix, newest first. */
  history(repository: string, ref: string, of: { object: string } | { prefix: string }): AsyncIterable<LakefsCommit>;
  /** Sorted by path. */
  objects(repository: string, ref: string, prefix: string): AsyncIterable<LakefsObject>;
  /** Undefined when the ref has no such object. */
  object(repository: string, ref: string, path: string): Promise<LakefsObject | undefined>;
  /** Writes the bytes of an object to a file. */
  download(repository: string, ref: string, path: string, to: string): Promise<void>;
}

/** The server that lakectl is configured for. Rejects with `LakefsProblem` where there is none, or nobody may be asked. */
export async function lakefsApi(world: World, signal?: AbortSignal): Promise<LakefsApi> {
  const { http } = world;
  if (!http)
    throw new LakefsProblem(
      'lakefs/not-trusted',
      'lakeFS is not asked in an untrusted workspace. Trust the workspace first.',
      'lakefs://',
    );
  return questions(http, await connectionOf(world), signal);
}

type Query = Readonly<Record<string, string | number>>;

function questions(http: Http, connection: Connection, signal: AbortSignal | undefined): LakefsApi {
  const { endpoint } = connection;
  const urlOf = (path: readonly string[], query: Query = {}): string => {
    const asked = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return [
      `${endpoint}/${path.map(encodeURIComponent).join('/')}`,
      ...(asked.length > 0 ? [asked.join('&')] : []),
    ].join('?');
  };
  const options = () => ({ headers: connection.headers(), ...(signal ? { signal } : {}) });

  /** Undefined for what is not there. */
  async function answerTo(path: readonly string[], query?: Query): Promise<unknown> {
    const { status, body } = await reached(http.get(urlOf(path, query), options()), signal);
    if (status === 404) return undefined;
    if (status !== 200) throw refusal(status, endpoint);
    try {
      return JSON.parse(Buffer.from(body).toString('utf8')) ?? undefined;
    } catch {
      throw notLakefs(endpoint);
    }
  }

  async function* pages<T>(path: readonly string[], query: Query, read: (value: unknown) => T): AsyncIterable<T> {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page = await answerTo(path, { ...query, amount: PAGE, ...(after ? { after } : {}) });
      if (page === undefined) throw missing(path[1] ?? '', path[3] ?? '', endpoint);
      const { results } = recordOf(page, endpoint);
      if (!Array.isArray(results)) throw notLakefs(endpoint);
      yield* results.map(read);
      const next: string | undefined = nextOf(page, endpoint);
      // A server that names the same place again would be asked forever.
      after = next === after ? undefined : next;
    }
  }

  const commitIn = (value: unknown) => commitOf(value, endpoint);
  const objectIn = (value: unknown) => objectOf(value, endpoint);
  return {
    endpoint,
    hasRepository: async (repository) => (await answerTo(['repositories', repository])) !== undefined,
    branch: async (repository, name) => {
      const found = await answerTo(['repositories', repository, 'branches', name]);
      return found === undefined ? undefined : textIn(recordOf(found, endpoint), 'commit_id');
    },
    commit: async (repository, ref) => {
      const found = await answerTo(['repositories', repository, 'commits', ref]);
      return found === undefined ? undefined : commitIn(found);
    },
    history: (repository, ref, of) =>
      pages(
        ['repositories', repository, 'refs', ref, 'commits'],
        'object' in of ? { objects: of.object } : of.prefix ? { prefixes: of.prefix } : {},
        commitIn,
      ),
    objects: (repository, ref, prefix) =>
      pages(['repositories', repository, 'refs', ref, 'objects', 'ls'], { prefix }, objectIn),
    object: async (repository, ref, path) => {
      const found = await answerTo(['repositories', repository, 'refs', ref, 'objects', 'stat'], { path });
      return found === undefined ? undefined : objectIn(found);
    },
    download: async (repository, ref, path, to) => {
      const url = urlOf(['repositories', repository, 'refs', ref, 'objects'], { path });
      const { status } = await reached(http.download(url, to, options()), signal);
      if (status === 404)
        throw new LakefsProblem(
          'lakefs/object-missing',
          `There is no object ${path} in ${repository} at ${ref}. See what there is with: lakectl fs ls lakefs://${repository}/${ref}/`,
          path,
        );
      if (status !== 200) throw refusal(status, endpoint);
    },
  };
}

/** The most that lakeFS gives at once. */
const PAGE = 1000;

/** An answer, whatever its status. */
async function reached<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    signal?.throwIfAborted();
    const words = error instanceof Error ? error.message : String(error);
    throw new LakefsProblem('lakefs/not-answering', `The lakeFS server cannot be reached: ${words}`, 'lakefs://');
  }
}

const refusals: Readonly<Record<number, readonly [LakefsCode, string]>> = {
  401: ['lakefs/refused', 'does not take the keys (401). Correct them with `lakectl config`, or in the environment.'],
  403: ['lakefs/refused', 'does not let these keys read this (403). Ask its administrator for the right to read it.'],
  410: ['lakefs/object-missing', 'has deleted the bytes of this version for good (410). Name a newer commit.'],
  429: ['lakefs/not-answering', 'is asked too often (429). Try again later.'],
};

function refusal(status: number, endpoint: string): LakefsProblem {
  const [code, words] = refusals[status] ?? [
    'lakefs/not-answering',
    `answers with status ${status}. Look into its log, and check its address.`,
  ];
  return new LakefsProblem(code, `The lakeFS server ${endpoint} ${words}`, endpoint);
}

/** What a repository without that ref is told as. */
export const missing = (repository: string, ref: string, endpoint: string): LakefsProblem =>
  new LakefsProblem(
    'lakefs/ref-missing',
    `The lakeFS repository "${repository}" has no branch, tag or commit "${ref}". See them with: lakectl branch list lakefs://${repository}`,
    endpoint,
  );

const notLakefs = (endpoint: string): LakefsProblem =>
  new LakefsProblem(
    'lakefs/not-answering',
    `${endpoint} does not answer as lakeFS does. Check the address of the server.`,
    endpoint,
  );

type Fields = Readonly<Record<string, unknown>>;

function recordOf(value: unknown, endpoint: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw notLakefs(endpoint);
}

const textIn = (record: Fields, name: string): string => {
  const value = record[name];
  return typeof value === 'string' ? value : '';
};

const numberIn = (record: Fields, name: string): number => {
  const value = record[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
};

function nextOf(page: unknown, endpoint: string): string | undefined {
  const { pagination } = recordOf(page, endpoint);
  const { has_more: more, next_offset: next } = recordOf(pagination ?? {}, endpoint);
  return more === true && typeof next === 'string' && next !== '' ? next : undefined;
}

function commitOf(value: unknown, endpoint: string): LakefsCommit {
  const record = recordOf(value, endpoint);
  const id = textIn(record, 'id');
  if (!/^[0-9a-f]{64}$/.test(id)) throw notLakefs(endpoint);
  const metadata = Object.entries(recordOf(record.metadata ?? {}, endpoint));
  return {
    id,
    committer: textIn(record, 'committer'),
    date: dateOf(numberIn(record, 'creation_date')),
    message: textIn(record, 'message'),
    metadata: Object.fromEntries(metadata.map(([name, text]) => [name, String(text)])),
  };
}

/** @param seconds Since 1970; no more than a date can have. */
const dateOf = (seconds: number): string => new Date(Math.min(Math.max(seconds, 0), 8.64e12) * 1000).toISOString();

function objectOf(value: unknown, endpoint: string): LakefsObject {
  const record = recordOf(value, endpoint);
  return {
    path: textIn(record, 'path'),
    checksum: textIn(record, 'checksum'),
    sizeBytes: numberIn(record, 'size_bytes'),
    modified: numberIn(record, 'mtime') * 1000,
  };
}
