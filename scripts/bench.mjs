// Runs a benchmark of bench/ and prints its table. Nothing of it is shipped.
//   npm run bench -- drift [--rows 1000000,10000000] [--presets plumbline,vertex] [--peers evidently,tfdv|none] [--wide]
//   npm run bench -- checks [--rows 10000000] [--large] [--peers pandera,great-expectations|none]
//   npm run bench -- language [--columns 50,500,5000] [--edits 100] [--peers yaml-language-server|none] [--schema FILE]
//   npm run bench -- provenance [--runs 10000] [--files 100000] [--peers mlflow,dvc|none]
import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [name, ...args] = process.argv.slice(2);
const known = readdirSync('bench')
  .filter(
    (file) =>
      file.endsWith('.mjs') &&
      !['by-hand.mjs', 'check-rules.mjs', 'data.mjs', 'editor.mjs', 'measured.mjs', 'runs.mjs'].includes(file),
  )
  .map((file) => file.replace(/\.mjs$/, ''));
if (!name || !existsSync(`bench/${name}.mjs`)) {
  console.error(`npm run bench -- NAME, where NAME is ${known.join(' or ')}.`);
  process.exit(2);
}
const { bench } = await import(pathToFileURL(`bench/${name}.mjs`).href);
await bench(args);
