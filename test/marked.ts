import assert from 'node:assert/strict';
import { Document } from '../server/src/workspace/document';

/** The mark of the cursor in texts of tests. YAML has no use for it. */
export const CURSOR = '¦';

/** A document without its mark, and where that stood. */
export function marked(path: string, text: string): { document: Document; offset: number } {
  const offset = text.indexOf(CURSOR);
  assert.ok(offset >= 0 && text.indexOf(CURSOR, offset + 1) < 0, `${path} needs the cursor ${CURSOR} once`);
  return { document: new Document(`file:///${path}`, 1, text.replace(CURSOR, '')), offset };
}
