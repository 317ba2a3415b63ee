import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { convert, writable } from '../../server/src/contract/convert';
import { odcs } from '../../server/src/contract/dialects/odcs';
import { parseText } from '../../server/src/text/parse';

const official = '../shared/corpus/odcs/schema';
const schemas: Readonly<Record<string, string>> = {
  'v3.0.2': 'odcs-json-schema-v3.0.2.json',
  'v3.1.0': 'odcs-json-schema-v3.1.0.json',
  'v3.2.0': '3.2.0-as-packaged/open-data-contract-standard-py-3.2.0.json',
};
const homes = ['test/fixtures/contract', 'test/fixtures/rules', 'test/fixtures/expectations'];

/** Every file of ours that some dialect takes for a contract, in it and without a mistake of syntax. */
const contracts = homes
  .filter((home) => existsSync(home))
  .flatMap((home) => readdirSync(home, { recursive: true }).map((name) => join(home, String(name))))
  .filter((path) => /\.(json|ya?ml|pbtxt)$/.test(path))
  .flatMap((path) => {
    const tree = parseText(path, readFileSync(path, 'utf8'));
    const dialect = tree.issues.length > 0 ? undefined : writable.find((one) => one.recognises(path, tree));
    const contract = dialect === odcs ? undefined : dialect?.read(tree);
    return contract && contract.tables.length > 0 ? [{ path, contract }] : [];
  });

if (existsSync(official))
  describe('what is written as ODCS, by the official schema of its version', function () {
    this.timeout(20_000);
    for (const { path, contract } of contracts)
      it(path, () => {
        const made = parse(convert(contract, odcs).text);
        const schema = schemas[made.apiVersion];
        assert.ok(schema, `${made.apiVersion} has no schema`);
        const ajv = new Ajv2019({ strict: false, allErrors: true });
        addFormats(ajv);
        const validate = ajv.compile(JSON.parse(readFileSync(join(official, schema), 'utf8')));
        validate(made);
        assert.deepEqual(
          (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`),
          [],
        );
      });
  });
