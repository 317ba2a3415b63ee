import { get, itemsOf, type Node, spelling, type Tree, wordOf } from '../text/tree';

/** One experiment: which code, data and contracts stand behind it. A part that is missing is undefined. */
export interface Manifest {
  readonly tree: Tree;
  readonly name: string | undefined;
  /** The commit that the code is said to be of, as it is spelt. */
  readonly commit: Claim | undefined;
  readonly data: readonly ManifestData[];
}

/** A word of the manifest with its place. */
export interface Claim {
  readonly text: string;
  readonly node: Node;
}

/** A dataset that the experiment used. */
export interface ManifestData {
  readonly name: string | undefined;
  /** Dataset reference, relative to the manifest's folder. */
  readonly ref: Claim | undefined;
  /** Path of the contract that describes it, relative to the manifest's folder. */
  readonly contract: Claim | undefined;
  readonly node: Node;
}

/** Whether a file is named as manifests are: `run.experiment.yaml`. */
export const isManifestName = (path: string): boolean => /\.experiment\.(ya?ml|json)$/i.test(path);

/** Whether a file is a manifest, by its name or by its first keys. */
export const isManifest = (path: string, { root }: Tree): boolean =>
  isManifestName(path) || (get(root, 'apiVersion') !== undefined && wordOf(get(root, 'kind')) === 'Experiment');

/** Reads what can be read: a key that is missing or of the wrong type leaves its part out. */
export function readManifest(tree: Tree): Manifest {
  // A commit of digits alone is a number to YAML, and 007 is not 7.
  const claim = (node: Node | undefined): Claim | undefined => {
    const isWord = node?.kind === 'scalar' && node.value !== null;
    return isWord ? { text: typeof node.value === 'string' ? node.value : spelling(tree, node), node } : undefined;
  };
  return {
    tree,
    name: wordOf(get(tree.root, 'name')),
    commit: claim(get(get(tree.root, 'code'), 'commit')),
    data: itemsOf(get(tree.root, 'data')).map((node) => ({
      name: wordOf(get(node, 'name')),
      ref: claim(get(node, 'ref')),
      contract: claim(get(node, 'contract')),
      node,
    })),
  };
}
