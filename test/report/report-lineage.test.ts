import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { ProvenanceReport, RunReport } from '../../server/src/protocol';
import { provenanceOf } from '../../server/src/provenance/graph';
import { uuidOf } from '../../server/src/report/exported';
import type { Report } from '../../server/src/report/format';
import { openlineage } from '../../server/src/report/openlineage';
import { withPathsFrom } from '../../server/src/report/paths';
import { prov } from '../../server/src/report/prov';
import { roCrate } from '../../server/src/report/ro-crate';
import { Unreadable } from '../../server/src/world';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const formats = [openlineage, prov, roCrate];
const options = { color: false, quiet: false };
type Fields = Record<string, unknown>;

/** An object of JSON, after the test has said that it is one. */
function fieldsOf(value: unknown): Fields {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), `${JSON.stringify(value)}`);
  return { ...value };
}

const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value : [value]).map(fieldsOf);

const run: RunReport = {
  id: 'a1b2',
  tracker: 'mlflow',
  store: 'mlruns',
  name: 'first',
  experiment: 'yield',
  status: 'finished',
  startedAt: '2026-01-02T03:04:05.000Z',
  endedAt: '2026-01-02T03:05:05.000Z',
  commit: '4bad57b833c6f5ca13c6f72dfa66f48b05a75d87',
  commitExists: true,
  branch: 'main',
  dirty: null,
  entrypoint: 'src/train.py',
  parent: null,
  user: 'ann',
  params: { ridge: 0.5 },
  metrics: { loss: 'NaN', mae: 3 },
  tags: {},
  datasets: [],
  models: [],
  environment: null,
  image: null,
  artifacts: null,
  location: { path: 'mlruns', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
};

const reportOf = (...runs: readonly RunReport[]): ProvenanceReport => ({
  schemaVersion: 1,
  tool: { name: 'plumbline', version: '0.1.0' },
  verb: 'provenance',
  target: '.',
  code: { commit: null, branch: null, tag: null, dirty: null, changed: [], remote: null },
  datasets: [],
  runs,
  models: [],
  environment: { lockFiles: [], images: [], notebooks: [] },
  findings: [],
  files: [],
});

describe('provenance in the shapes of other systems', function () {
  this.timeout(30_000);
  let place: Scratch;
  let report: ProvenanceReport;

  before(async () => {
    const script = resolve('test/fixtures/provenance/orchard/lay-out.mjs');
    const { layOutOrchard } = await import(pathToFileURL(script).href);
    place = scratch();
    const home: string = layOutOrchard(place.path);
    report = withPathsFrom(await provenanceOf(listeningWorld(), home), home);
  });
  after(() => place.remove());

  for (const format of formats) {
    it(`${format.id}: is the same for the same report, and tells no place of this machine`, () => {
      const written = format.write(report, options);
      assert.equal(format.write(report, options), written);
      assert.ok(written.endsWith('\n'));
      assert.ok(!written.includes(place.path));
    });

    it(`${format.id}: takes no other report`, () =>
      assert.throws(() => format.write({ verb: 'profile' } as unknown as Report, options), Unreadable));

    it(`${format.id}: lets no secret and no home out`, () => {
      const written = format.write(
        {
          ...reportOf({
            ...run,
            entrypoint: '/home/ann/project/train.py',
            params: {
              db_password: 'hunter2hunter2',
              'aws.secret_access_key': 'wJalrXUtnFEMI',
              hub_token: 'abcdefghijklmnopqrst',
              note: 'key AKIAIOSFODNN7EXAMPLE is mine',
              pad_token: '<pad>',
              max_tokens: 256,
              folder: 'C:\\Users\\Ann\\data',
            },
            tags: { url: 'https://ann:letmein@host.example/x?sig=deadbeef' },
            datasets: [
              {
                name: 'd',
                role: 'input',
                version: 'v1',
                algorithm: 'uri',
                context: null,
                source: 's3://AKIDEXAMPLE:hidden@bucket/key.csv?X-Amz-Signature=cafe',
                path: null,
                joinedBy: null,
                current: null,
              },
            ],
          }),
          code: { ...report.code, remote: 'https://ann:t0ken@git.example/a/b.git' },
        },
        options,
      );
      const leaks = /hunter2|wJalr|abcdefghij|AKIA|letmein|deadbeef|hidden|cafe|t0ken|home\/ann|Users|db_password/;
      assert.doesNotMatch(written, leaks);
      assert.match(written, /<pad>/);
      assert.match(written, /256/);
    });
  }

  it('a UUID is of version 5, and that of its name', () => {
    assert.match(uuidOf('a'), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(uuidOf('a'), uuidOf('a'));
    assert.notEqual(uuidOf('a'), uuidOf('b'));
  });

  describe('OpenLineage', () => {
    const events = (given: ProvenanceReport): readonly Fields[] =>
      openlineage
        .write(given, options)
        .trimEnd()
        .split('\n')
        .map((line) => fieldsOf(JSON.parse(line)));

    /** What OpenLineage 2-0-2 and its facets ask for, in our own statement, stricter than theirs: no other keys. */
    it('holds what the specification asks of each event, dataset and facet', () => {
      const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
      const valid = ajv.compile(JSON.parse(readFileSync('test/fixtures/report/openlineage-2-0-2.rules.json', 'utf8')));
      const all = [...events(report), ...events(reportOf({ ...run, status: 'failed' }))];
      for (const event of all) assert.ok(valid(event), JSON.stringify([event, valid.errors]));
      const broken = { ...all[0], run: { runId: 'no uuid' } };
      assert.ok(!valid(broken));
    });

    it('each run begins and ends once, parents before their children', () => {
      const all = events(report);
      const ends = (type: string) => all.filter(({ eventType }) => eventType === type).length;
      assert.equal(ends('START'), report.runs.length);
      assert.equal(ends('COMPLETE') + ends('FAIL'), report.runs.length);
      assert.equal(ends('FAIL'), report.runs.filter(({ status }) => status === 'failed').length);
      const begun = new Set<unknown>();
      let nested = 0;
      for (const { run: told } of all) {
        const { runId, facets } = fieldsOf(told);
        const parent = fieldsOf(facets).parent;
        if (parent !== undefined) nested += 1;
        if (parent !== undefined) assert.ok(begun.has(fieldsOf(fieldsOf(parent).run).runId));
        begun.add(runId);
      }
      assert.equal(nested, 2 * report.runs.filter(({ parent }) => parent !== null).length);
    });

    it('tells the code, the data with their version, and the model that a run made', () => {
      const chosen = events(report).find(
        ({ eventType, outputs }) =>
          eventType === 'COMPLETE' && JSON.stringify(outputs).includes('models/orchard-yield'),
      );
      const { job, inputs } = fieldsOf(chosen);
      const code = fieldsOf(fieldsOf(fieldsOf(job).facets).sourceCodeLocation);
      assert.equal(fieldsOf(job).name, 'yield/src/track_mlflow.py');
      assert.equal(code.version, report.code.commit);
      assert.equal(code.url, 'https://git.example/orchard/orchard.git');
      assert.deepEqual(
        listOf(inputs).map(({ namespace, name, facets }) => [
          namespace,
          name,
          fieldsOf(fieldsOf(facets).version).datasetVersion,
        ]),
        [['https://git.example/orchard/orchard', 'data/harvest.csv', '585b4f8f']],
      );
    });

    it('gives the size of data only while the file is the version of the run', () => {
      const data = { path: 'data/harvest.csv', name: 'harvest', role: 'input', context: null, source: null } as const;
      const recorded = { ...data, version: 'v', algorithm: 'md5', joinedBy: 'hash' } as const;
      const sizes = ([true, false, null] as const).map((current) => {
        const [event] = events({ ...report, runs: [{ ...run, datasets: [{ ...recorded, current }] }] });
        return listOf(fieldsOf(event).inputs)[0]?.inputFacets;
      });
      assert.equal(fieldsOf(fieldsOf(sizes[0]).inputStatistics).size, 3686);
      assert.deepEqual(sizes.slice(1), [undefined, undefined]);
    });

    it('a run that goes on has no end, one that waits or has no time no event', () => {
      const going = { ...run, status: 'running', endedAt: null } as const;
      assert.deepEqual(
        events(reportOf(going)).map(({ eventType }) => eventType),
        ['START'],
      );
      const waiting = { ...run, id: 'c3', status: 'queued' } as const;
      assert.equal(events(reportOf(run, waiting)).length, 2);
      const timeless = { ...run, startedAt: null, endedAt: null };
      assert.throws(() => openlineage.write(reportOf(timeless), options), /No run here has a time.*format prov/);
    });
  });

  describe('PROV-JSON', () => {
    const ends = {
      wasGeneratedBy: { 'prov:entity': 'entity', 'prov:activity': 'activity' },
      used: { 'prov:activity': 'activity', 'prov:entity': 'entity' },
      wasStartedBy: { 'prov:activity': 'activity', 'prov:starter': 'activity' },
      wasDerivedFrom: { 'prov:generatedEntity': 'entity', 'prov:usedEntity': 'entity', 'prov:activity': 'activity' },
      wasAssociatedWith: { 'prov:activity': 'activity', 'prov:agent': 'agent' },
      specializationOf: { 'prov:specificEntity': 'entity', 'prov:generalEntity': 'entity' },
      alternateOf: { 'prov:alternate1': 'entity', 'prov:alternate2': 'entity' },
    } as const;
    const documentOf = (given: ProvenanceReport): Fields => fieldsOf(JSON.parse(prov.write(given, options)));

    it('every relation joins things that are there, of the right kind, and every prefix is declared', () => {
      const document = documentOf(report);
      const things = (kind: string) => fieldsOf(document[kind]);
      for (const [relation, parts] of Object.entries(ends)) {
        const all = Object.values(fieldsOf(document[relation]));
        assert.ok(all.length > 0, relation);
        for (const one of all)
          for (const [part, kind] of Object.entries(parts))
            assert.ok(String(fieldsOf(one)[part]) in things(kind), `${relation} ${part} ${fieldsOf(one)[part]}`);
      }
      const known = new Set([...Object.keys(fieldsOf(document.prefix)), 'prov', 'xsd', '_']);
      const keys = [...JSON.stringify(document).matchAll(/"([\w-]+):[^"\s]*":/g)].map(([, prefix = '']) => prefix);
      assert.deepEqual(
        [...new Set(keys)].filter((prefix) => !known.has(prefix)),
        [],
      );
      assert.deepEqual(
        Object.keys(document).filter(
          (key) => !['prefix', 'entity', 'activity', 'agent', ...Object.keys(ends)].includes(key),
        ),
        [],
      );
    });

    it('joins the data of a run with the data on disk by their content', () => {
      const document = documentOf(report);
      const grown = report.datasets.find(({ path }) => path === 'data/grown.csv');
      const id = `data:data/grown.csv%40${grown?.version}`;
      assert.ok(id in fieldsOf(document.entity));
      // Two experiments made the same content, each at its own time.
      const copies = Object.values(fieldsOf(document.alternateOf))
        .filter((one) => fieldsOf(one)['prov:alternate2'] === id)
        .map((one) => String(fieldsOf(one)['prov:alternate1']));
      assert.equal(copies.length, 2);
      const made = Object.values(fieldsOf(document.wasGeneratedBy)).map((one) => String(fieldsOf(one)['prov:entity']));
      for (const copy of copies) assert.ok(made.includes(copy));
      assert.equal(new Set(made).size, made.length, 'An entity comes into being once.');
      const sources = Object.values(fieldsOf(document.wasDerivedFrom))
        .filter((one) => fieldsOf(one)['prov:generatedEntity'] === copies[0])
        .map((one) => String(fieldsOf(one)['prov:usedEntity']).split('%40')[0]);
      assert.deepEqual(sources.sort(), ['data:data/harvest.csv', 'data:data/weather']);
    });

    it('writes figures as XML Schema does, and names as PROV can hold them', () => {
      const document = documentOf(reportOf({ ...run, metrics: { "loss (it's)": 'NaN', up: 'Infinity' } }));
      const [activity] = Object.values(fieldsOf(document.activity));
      assert.deepEqual(fieldsOf(activity)['metric:loss%20%28it%27s%29'], { $: 'NaN', type: 'xsd:double' });
      assert.deepEqual(fieldsOf(activity)['metric:up'], { $: 'INF', type: 'xsd:double' });
      assert.equal(fieldsOf(activity)['prov:startTime'], run.startedAt);
    });
  });

  describe('RO-Crate', () => {
    const graphOf = (given: ProvenanceReport) => {
      const { '@graph': graph } = fieldsOf(JSON.parse(roCrate.write(given, options)));
      return new Map(listOf(graph).map((entity) => [String(entity['@id']), entity]));
    };

    it('every reference leads to an entity or to the web, and no id stands twice', () => {
      const written = roCrate.write(report, options);
      const graph = graphOf(report);
      assert.equal(listOf(fieldsOf(JSON.parse(written))['@graph']).length, graph.size);
      for (const [, id = ''] of written.matchAll(/"@id": "([^"]+)"/g))
        assert.ok(graph.has(id) || /^https:\/\/(?:w3id\.org)\//.test(id), id);
    });

    it('the root has what RO-Crate 1.1 and the profile ask for, and all runs', () => {
      const root = fieldsOf(graphOf(report).get('./'));
      for (const key of ['name', 'description', 'datePublished', 'license'])
        assert.equal(typeof root[key], 'string', key);
      assert.deepEqual(root.conformsTo, { '@id': 'https://w3id.org/ro/wfrun/process/0.5' });
      assert.equal(listOf(root.mentions).length, report.runs.length);
      assert.deepEqual(
        listOf(root.hasPart).map((part) => part['@id']),
        ['data/harvest.csv', 'data/weather/', 'data/grown.csv', 'models/yield.json', 'requirements.txt', 'Dockerfile'],
      );
      assert.equal(
        root.datePublished,
        report.runs
          .map(({ startedAt }) => startedAt ?? '')
          .sort()
          .at(-1),
      );
    });

    it('an action says which code used and made what, with its parameters and metrics', () => {
      const graph = graphOf(report);
      const flatter = [...graph.values()].find(({ name }) => String(name).endsWith(': flatter')) ?? {};
      assert.equal(flatter['@type'], 'CreateAction');
      assert.equal(flatter.actionStatus, 'http://schema.org/CompletedActionStatus');
      const told = (key: string) =>
        listOf(flatter[key]).map(({ '@id': id }) => {
          const { name, value } = fieldsOf(graph.get(String(id)));
          return value === undefined ? id : `${name}=${value}`;
        });
      assert.deepEqual(told('object'), ['data/harvest.csv', 'data/weather/', 'prepare.youngest=3', 'train.ridge=10']);
      assert.equal(told('result')[0], 'data/grown.csv');
      // The model on disk is another version than that of the run.
      assert.match(String(told('result')[1]), /^#data-/);
      const [instrument] = told('instrument');
      assert.equal(fieldsOf(graph.get(String(instrument))).version, report.code.commit);
    });

    it('hash and size are told of unchanged data only, and Git ids are no hashes of content', () => {
      const data = {
        path: 'a.csv',
        version: 'f'.repeat(64),
        algorithm: 'sha256',
        sizeBytes: 3,
        commit: null,
        contract: null,
      };
      const kept = (more: Pick<ProvenanceReport['datasets'][number], 'tracker' | 'status'>) =>
        graphOf({ ...reportOf(), datasets: [{ ...data, ...more }] }).get('a.csv');
      assert.equal(kept({ tracker: 'git-lfs', status: 'unchanged' })?.sha256, data.version);
      assert.equal(kept({ tracker: 'git-lfs', status: 'unchanged' })?.contentSize, '3');
      assert.equal(kept({ tracker: 'git', status: 'unchanged' })?.sha256, undefined);
      assert.equal(kept({ tracker: 'git-lfs', status: 'modified' })?.sha256, undefined);
      assert.equal(kept({ tracker: 'git-lfs', status: 'modified' })?.contentSize, undefined);
      assert.equal(kept({ tracker: 'git-lfs', status: 'missing' }), undefined);
    });

    it('takes an image apart', () => {
      const digest = 'a'.repeat(64);
      const imageOf = (image: string) => {
        const found = [...graphOf(reportOf({ ...run, image })).values()].find(
          (one) => one['@type'] === 'ContainerImage',
        );
        return [found?.registry, found?.name, found?.tag, found?.sha256];
      };
      assert.deepEqual(imageOf('python:3.11-slim'), ['docker.io', 'python', '3.11-slim', undefined]);
      assert.deepEqual(imageOf(`ghcr.io/a/b@sha256:${digest}`), ['ghcr.io', 'a/b', undefined, digest]);
      assert.deepEqual(imageOf('localhost:5000/a:1'), ['localhost:5000', 'a', '1', undefined]);
    });
  });
});
