import { fileURLToPath } from 'node:url';
import type { Contract } from '../contract/model';
import { dialectOf } from '../contract/recognise';
import type { Monitor } from '../drift/monitor';
import { monitorsIn } from '../drift/monitor-file';
import { glanceOf, type OurKind } from '../glance';
import { isManifest } from '../manifest/model';
import { schemaFor } from '../schema/catalog';
import { Lines } from '../text/lines';
import { Versions } from '../text/parse';
import { get, type Tree, wordOf } from '../text/tree';

/**
 * One version of a text. Each view of it is made when first asked for, and once. The version that follows takes over what
 * has not changed; whoever asks this one for its tree after that gets one that is read anew.
 */
export class Document {
  readonly path: string;
  #versions = new Versions();
  #tree: Tree | undefined;
  #lines: Lines | undefined;
  #kind: OurKind | 'other' | undefined;
  #contract: Contract | undefined;
  #monitors: readonly Monitor[] | undefined;

  constructor(
    readonly uri: string,
    readonly version: number,
    readonly text: string,
    /** As the editor calls it: `python`. Undefined for a file that no editor has open. */
    readonly language?: string,
  ) {
    this.path = pathOf(uri);
  }

  get tree(): Tree {
    this.#tree ??= this.#versions.read(this.path, this.text);
    return this.#tree;
  }

  /** The version that follows. Its tree has the nodes of this one's wherever the text is the same. */
  next(version: number, text: string): Document {
    const document = new Document(this.uri, version, text, this.language);
    document.#versions = this.#versions;
    this.#versions = new Versions();
    this.#tree = undefined;
    this.#contract = undefined;
    this.#monitors = undefined;
    return document;
  }

  get lines(): Lines {
    this.#lines ??= new Lines(this.text);
    return this.#lines;
  }

  /** Undefined for a file that is not ours. */
  get kind(): OurKind | undefined {
    this.#kind ??=
      !isCode(this.language) && glanceOf(this.path, this.text) ? (kindOf(this.path, this.tree) ?? 'other') : 'other';
    return this.#kind === 'other' ? undefined : this.#kind;
  }

  /** Id of the schema that describes the file, as its `apiVersion` says. */
  get schema(): string | undefined {
    const { kind, contract } = this;
    if (contract) return schemaFor(contract.dialect, contract.apiVersion);
    return kind === 'manifest' ? schemaFor('experiment', wordOf(get(this.tree.root, 'apiVersion'))) : undefined;
  }

  get contract(): Contract | undefined {
    if (this.kind === 'contract') this.#contract ??= dialectOf(this.path, this.tree)?.read(this.tree);
    return this.#contract;
  }

  /** Comparisons that the file asks for, when it is a manifest or of another monitoring system. */
  get monitors(): readonly Monitor[] {
    if (!this.kind) return [];
    this.#monitors ??= monitorsIn(this.path, this.tree)?.monitors ?? [];
    return this.#monitors;
  }
}

/** Path of a file's address; the path part of any other address. */
export function pathOf(uri: string): string {
  try {
    return uri.startsWith('file:')
      ? fileURLToPath(uri)
      : decodeURIComponent(uri.replace(/^[a-z][\w+.-]*:(?:\/\/[^/]*)?/i, ''));
  } catch {
    return uri;
  }
}

/** Code may have a contract in a string, and is none itself. */
const isCode = (language: string | undefined): boolean =>
  language !== undefined && ['python', 'r', 'sql', 'shellscript', 'dockerfile'].includes(language);

function kindOf(path: string, tree: Tree): OurKind | undefined {
  if (dialectOf(path, tree)) return 'contract';
  if (isManifest(path, tree)) return 'manifest';
  return monitorsIn(path, tree) ? 'monitor' : undefined;
}
