import { baseOf } from '../contract/diff/base';
import type { Contract } from '../contract/model';
import { dialectOf } from '../contract/recognise';
import { parseText } from '../text/parse';
import type { World } from '../world';

/** A contract as it was at the commit that it is compared with. */
export interface ContractBase {
  /** As a person would say it: `3f2c1e9 (in common with main)`. */
  readonly name: string;
  readonly contract: Contract;
}

/** Bytes of the largest contract that is compared while a person types. */
const LARGEST = 5_000_000;

/** What the open contracts were at the commit that they are compared with: asked for when one is opened or saved, never while a person types. */
export class ContractBases {
  /** Called after a contract is compared with something else than before. */
  onChange: () => void = () => undefined;
  readonly #bases = new Map<string, ContractBase | undefined>();
  /** By path and content id, so that what was read once is read again only when it is another. */
  readonly #read = new Map<string, Contract | undefined>();

  constructor(readonly world: () => World) {}

  /** Undefined until it is known, and for a contract that is new. */
  of(path: string): ContractBase | undefined {
    return this.#bases.get(path);
  }

  close(path: string): void {
    this.#bases.delete(path);
  }

  /** Never rejects: without an answer of Git nothing is compared. */
  async ask(path: string, revision?: string): Promise<void> {
    const found = await this.#find(path, revision).catch((error: unknown) =>
      this.world().log.debug(`${path} is compared with nothing: ${String(error)}`),
    );
    const before = this.#bases.get(path);
    this.#bases.set(path, found ?? undefined);
    if (before?.contract !== found?.contract || before?.name !== found?.name) this.onChange();
  }

  async #find(path: string, revision: string | undefined): Promise<ContractBase | undefined> {
    const world = this.world();
    const base = await baseOf(world, path, revision);
    const blob = base && (await world.git?.blobs(base.root, base.commit, [path]))?.get(path);
    if (!base || blob === undefined) return undefined;
    const key = `${blob} ${path}`;
    if (!this.#read.has(key)) {
      const bytes = await world.git?.show(base.root, base.commit, path);
      this.#read.set(key, bytes && bytes.length <= LARGEST ? contractIn(path, bytes) : undefined);
    }
    const contract = this.#read.get(key);
    return contract && { name: base.name, contract };
  }
}

/** Undefined for a text that was broken then, or no contract. */
function contractIn(path: string, bytes: Uint8Array): Contract | undefined {
  const tree = parseText(path, new TextDecoder().decode(bytes));
  return tree.issues.length > 0 ? undefined : dialectOf(path, tree)?.read(tree);
}
