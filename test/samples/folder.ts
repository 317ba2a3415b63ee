import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The sample workspace, laid out anew in a temporary folder. */
export async function sampleFolder(): Promise<{ readonly folder: string; remove(): void }> {
  const parent = mkdtempSync(join(tmpdir(), 'plumbline-sample-'));
  const folder = join(parent, 'flights');
  const samples = await import(pathToFileURL(resolve('samples/lay-out.mjs')).href);
  samples.layOut(folder);
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) };
}
