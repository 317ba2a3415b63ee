import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const KEY = 'AKIAJTESTKEY';
export const SECRET = 'hush/this+is:secret';

/** One recorded request to a real lakeFS and its answer. */
export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, string | number>> | null;
    readonly body: unknown;
  };
  readonly status: number;
  readonly body: unknown;
}

const folder = 'test/fixtures/provenance/lakefs/exchanges';

export const recorded: readonly Exchange[] = readdirSync(folder)
  .sort()
  .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));

type Tree = Map<string, Uint8Array>;

interface Commit {
  readonly id: string;
  readonly message: string;
  readonly committer: string;
  readonly metadata: object;
  readonly parent: Commit | undefined;
  readonly tree: Tree;
}

export interface StandIn {
  readonly endpoint: string;
  /** `METHOD /path?query` of every request, in order. */
  readonly asked: string[];
  /** Commits `files` on main on top of what is there, after the recorded ones; its id. */
  commit(message: string, files: Readonly<Record<string, string | Uint8Array>>): string;
  /** What is answered in place of the truth, by a part of the address. */
  readonly instead: Map<string, (response: ServerResponse) => void>;
  close(): Promise<void>;
}

/** A lakeFS on loopback, in the state that the recorded writes left, which answers as the recorded reads were answered. */
export async function standIn(): Promise<StandIn> {
  const lake = lakeOf();
  const asked: string[] = [];
  const instead: StandIn['instead'] = new Map();
  const server = createServer((request, response) => {
    const { url = '' } = request;
    asked.push(`${request.method} ${url}`);
    const [, other] = [...instead].find(([part]) => url.includes(part)) ?? [];
    if (other) other(response);
    else {
      const { status, body } = answerTo(lake, request);
      if (body instanceof Uint8Array) response.writeHead(status).end(body);
      else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    instead,
    commit: (message, files) => lake.add(message, files),
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

type Lake = ReturnType<typeof lakeOf>;

function lakeOf() {
  const first: Commit = {
    id: '4e47026223eb682f1f5edd820b0d9a56a5ca631e882ffa3d9f9dc955c85e81bf',
    message: 'Repository created',
    committer: '',
    metadata: {},
    parent: undefined,
    tree: new Map(),
  };
  const branches = new Map([['main', { head: first, staged: new Map() as Tree }]]);
  const tags = new Map<string, Commit>();
  const commits = [first];
  const branchOf = (path: string) => {
    const found = branches.get(/branches\/([^/]+)\//.exec(path)?.[1] ?? '');
    if (!found) throw new Error(`No branch in ${path}`);
    return found;
  };
  const commitOn = (branch: { head: Commit; staged: Tree }, made: Omit<Commit, 'parent' | 'tree'>) => {
    branch.head = { ...made, parent: branch.head, tree: new Map(branch.staged) };
    commits.push(branch.head);
  };
  for (const { request, body } of recorded) {
    const { method, path, query } = request;
    const sent = request.body as { name?: string; id?: string; ref?: string; message?: string; metadata?: object };
    if (method === 'DELETE') branchOf(path).staged.delete(String(query?.path));
    if (method !== 'POST') continue;
    if (path.endsWith('/objects')) branchOf(path).staged.set(String(query?.path), Buffer.from(String(request.body)));
    if (path.endsWith('/commits')) {
      const { id } = body as { id: string };
      const { message = '', metadata = {} } = sent;
      commitOn(branchOf(path), { id, message, committer: 'ada', metadata });
    }
    const head = commits.find(({ id }) => id === sent?.ref);
    if (path.endsWith('/tags') && head && sent.id) tags.set(sent.id, head);
    const main = branches.get('main');
    if (path.endsWith('/branches') && main && sent.name)
      branches.set(sent.name, { head: main.head, staged: new Map(main.head.tree) });
  }
  return {
    branches,
    tags,
    commits,
    add: (message: string, files: Readonly<Record<string, string | Uint8Array>>) => {
      const branch = branchOf('branches/main/');
      for (const [path, content] of Object.entries(files)) branch.staged.set(path, Buffer.from(content));
      const id = createHash('sha256').update(`${message}${branch.head.id}`).digest('hex');
      commitOn(branch, { id, message, committer: 'ada', metadata: {} });
      return id;
    },
    /** The commit of a ref, and its files: of a bare branch those that are staged. */
    at: (ref: string) => {
      const [, base = '', back] = /^(.*?)(?:~(\d+)|@)?$/.exec(ref) ?? [];
      const prefixed = commits.filter(({ id }) => /^[0-9a-f]{6,}$/.test(base) && id.startsWith(base));
      let commit = branches.get(base)?.head ?? tags.get(base) ?? (prefixed.length === 1 ? prefixed[0] : undefined);
      for (let steps = Number(back ?? 0); steps > 0; steps--) commit = commit?.parent;
      return commit && { commit, tree: branches.get(ref)?.staged ?? commit.tree };
    },
  };
}

const TIME = 1795472428;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const say = (status: number, body: unknown): Answer => ({ status, body });
const lost = (message: string): Answer => say(404, { message });

function answerTo(lake: Lake, request: IncomingMessage): Answer {
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://127.0.0.1');
  const keys = `Basic ${Buffer.from(`${KEY}:${SECRET}`).toString('base64')}`;
  if (request.headers.authorization !== keys) return say(401, { message: 'error authenticating request' });
  const [repository, kind, ref = '', what, more] = pathname
    .replace('/api/v1/repositories/', '')
    .split('/')
    .map(decodeURIComponent);
  if (repository !== 'harbor-lake') return lost('repository not found');
  if (kind === undefined)
    return say(200, {
      creation_date: TIME,
      default_branch: 'main',
      id: repository,
      read_only: false,
      storage_id: '',
      storage_namespace: 'local://harbor-lake',
    });
  if (kind === 'branches' && what === undefined) {
    const branch = lake.branches.get(ref);
    return branch ? say(200, { commit_id: branch.head.id, id: ref }) : lost('branch not found');
  }
  const found = lake.at(ref);
  if (!found) return lost('commit not found');
  if (kind === 'commits') return say(200, commitBody(found.commit));
  if (what === 'commits') {
    const [object, prefix] = [query.get('objects'), query.get('prefixes')];
    const log = [];
    for (let commit: Commit | undefined = found.commit; commit; commit = commit.parent)
      if (touches(commit, object, prefix)) log.push(commit);
    return say(
      200,
      paged(log.map(commitBody), ({ id }) => id, query),
    );
  }
  const path = query.get('path') ?? '';
  const bytes = found.tree.get(path);
  if (more === 'ls') {
    const prefix = query.get('prefix') ?? '';
    const paths = [...found.tree.keys()].filter((name) => name.startsWith(prefix)).sort();
    const objects = paths.map((name) => objectBody(name, found.tree.get(name) ?? new Uint8Array()));
    return say(
      200,
      paged(objects, (object) => object.path, query),
    );
  }
  if (!bytes) return lost('not found');
  if (more === 'stat') return say(200, { ...objectBody(path, bytes), metadata: {} });
  return say(200, bytes);
}

function touches({ tree, parent }: Commit, object: string | null, prefix: string | null): boolean {
  if (object === null && prefix === null) return true;
  const names = new Set([...tree.keys(), ...(parent?.tree.keys() ?? [])]);
  return [...names]
    .filter((name) => (object === null ? name.startsWith(prefix ?? '') : name === object))
    .some((name) => String(tree.get(name)) !== String(parent?.tree.get(name)));
}

const commitBody = ({ id, message, committer, metadata, parent }: Commit) => ({
  committer,
  creation_date: TIME,
  id,
  message,
  metadata,
  parents: parent ? [parent.id] : [],
});

const objectBody = (path: string, bytes: Uint8Array) => ({
  checksum: createHash('md5').update(bytes).digest('hex'),
  content_type: 'application/octet-stream',
  mtime: TIME,
  path,
  path_type: 'object',
  size_bytes: bytes.length,
});

function paged<T>(all: readonly T[], nameOf: (one: T) => string, query: URLSearchParams) {
  const after = query.get('after');
  const begin = after ? all.findIndex((one) => nameOf(one) === after) + 1 : 0;
  const results = all.slice(begin, begin + Number(query.get('amount') ?? 100));
  const last = results.at(-1);
  const more = last !== undefined && begin + results.length < all.length;
  const pagination = {
    has_more: more,
    max_per_page: 1000,
    next_offset: more ? nameOf(last) : '',
    results: results.length,
  };
  return { pagination, results };
}
