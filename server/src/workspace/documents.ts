import { Unreadable, type World } from '../world';
import { Document, pathOf } from './document';

/** The texts that an editor has open, and any other file when it is asked for. */
export class Documents {
  readonly #open = new Map<string, Document>();

  /** Takes over a version of a text; a version of the same text before it gives its unchanged parts up. */
  set(uri: string, version: number, text: string, language?: string): void {
    const before = this.#open.get(uri);
    const isSame = before !== undefined && before.language === language;
    this.#open.set(uri, isSame ? before.next(version, text) : new Document(uri, version, text, language));
  }

  close(uri: string): void {
    this.#open.delete(uri);
  }

  get(uri: string): Document | undefined {
    return this.#open.get(uri);
  }

  all(): readonly Document[] {
    return [...this.#open.values()];
  }

  /** The editor's text, else the file's. Rejects with `Unreadable`. */
  async read(uri: string, world: World): Promise<Document> {
    const open = this.#open.get(uri);
    if (open) return open;
    const path = pathOf(uri);
    if (!uri.startsWith('file:')) throw new Unreadable(`${path} is no local file; open it in the editor first.`, path);
    return new Document(uri, 0, await world.readText(path));
  }
}
