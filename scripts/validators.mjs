// JSON Schema validators, compiled by ajv while the bundles are built: none is compiled when an editor starts.
import { readFileSync } from 'node:fs';
import Ajv2019 from 'ajv/dist/2019.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';

/** One bundle entry per schema of the catalogue: schemas/X.schema.json → validators/X.js. */
export function validatorEntries() {
  const { schemas } = JSON.parse(readFileSync('schemas/catalog.json', 'utf8'));
  return Object.fromEntries(schemas.map(({ id }) => [`validators/${id}`, `validator:${id}`]));
}

/** esbuild plug-in: the module `validator:X` is the compiled validator of schemas/X.schema.json. */
export function validators() {
  return {
    name: 'validators',
    setup(build) {
      build.onResolve({ filter: /^validator:/ }, ({ path }) => ({
        path: path.slice('validator:'.length),
        namespace: 'validator',
      }));
      build.onLoad({ filter: /.*/, namespace: 'validator' }, ({ path: id }) => {
        const file = `schemas/${id}.schema.json`;
        return { contents: compiled(JSON.parse(readFileSync(file, 'utf8'))), resolveDir: '.', watchFiles: [file] };
      });
    },
  };
}

/** `allErrors`, since the editor shows each mistake; `verbose`, since a message names the value and the schema that refused it. */
function compiled(schema) {
  const ajv = new Ajv2019.default({
    allErrors: true,
    verbose: true,
    strict: false,
    code: { source: true, esm: false },
  });
  addFormats.default(ajv);
  return standaloneCode.default(ajv, ajv.compile(schema));
}
