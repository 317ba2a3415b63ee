import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { members } from '../../server/src/stores/locks';
import { repository, type Scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const world = listeningWorld();
let repo: Scratch;

/** What is said of a file, as `line code message`, and whether it pins what it names. */
async function reading(path: string) {
  const format = members.find((member) => member.matches(path));
  assert.ok(format, `No format reads ${path}`);
  const { found, problems } = await format.read(path, world);
  return {
    kind: found.kind,
    pinned: found.pinned,
    packages: found.packages.map(
      ({ name, version, location }) => `${name} ${version} ${location.range.start.line + 1}`,
    ),
    problems: problems.map(
      ({ code, message, location }) => `${(location?.range.start.line ?? -2) + 1} ${code} ${message}`,
    ),
  };
}

const read = (name: string, text: string) => reading(repo.write(name, text));
const codesOf = (problems: readonly string[]) => problems.map((problem) => problem.split(' ').slice(0, 2).join(' '));

describe('a lock file', () => {
  beforeEach(() => {
    repo = repository();
  });
  afterEach(() => repo.remove());

  it('is known by its name', () => {
    const kindOf = (name: string) => members.filter((member) => member.matches(`/p/${name}`)).map(({ kind }) => kind);
    assert.deepEqual(kindOf('requirements-dev.txt'), ['requirements']);
    assert.deepEqual(kindOf('requirements/base.txt'), ['requirements']);
    assert.deepEqual(kindOf('requirements.in'), []);
    assert.deepEqual(kindOf('environment-gpu.yml'), ['conda']);
    assert.deepEqual(kindOf('conda-lock.yml'), ['conda-lock']);
    assert.deepEqual(kindOf('pylock.prod.toml'), ['pylock']);
    assert.deepEqual(kindOf('package.json'), []);
    assert.deepEqual(kindOf('node_modules/a/package-lock.json'), []);
  });

  describe('requirements.txt', () => {
    const commit = 'c'.repeat(40);
    const hash = 'a'.repeat(64);

    it('pins by one version, by a hash and by a commit', async () => {
      const lines = [
        '# by hand',
        'numpy==2.1.0 \\',
        `    --hash=sha256:${hash} \\`,
        `    --hash=sha256:${hash}`,
        'Pandas[perf] === 2.2.3 ; python_version >= "3.9"  # why',
        `geo @ git+https://me:secret@git.example/geo@${commit}`,
        `https://x.example/shape-1.4-py3-none-any.whl#sha256=${hash}`,
        '-e .',
        './libs/own',
        '--index-url https://me:secret@x.example/simple',
      ];
      const { pinned, packages, problems } = await read('requirements.txt', lines.join('\n'));
      assert.deepEqual(problems, []);
      assert.equal(pinned, true);
      assert.deepEqual(packages, ['numpy 2.1.0 2', 'Pandas 2.2.3 5', `geo ${commit} 6`, 'shape 1.4 7']);
    });

    it('says which package is open and what would pin it, and shows no secret', async () => {
      const lines = [
        'numpy>=2,<3',
        'pandas',
        'scipy==1.*',
        'geo @ git+https://me:secret@git.example/geo@main',
        'x = = 3',
      ];
      const { pinned, problems } = await read('requirements.txt', lines.join('\r\n'));
      assert.equal(pinned, false);
      assert.deepEqual(problems, [
        '1 environment/not-pinned requirements.txt names "numpy" by the range >=2,<3; "numpy==VERSION" with the one that is installed pins it.',
        '2 environment/open requirements.txt names no version of "pandas"; "pandas==VERSION" with the one that is installed pins it.',
        '3 environment/not-pinned requirements.txt names "scipy" by the range ==1.*; "scipy==VERSION" with the one that is installed pins it.',
        '4 environment/not-pinned requirements.txt takes "geo" from git+https://git.example/geo@main, which may change; a full commit id after "@" pins it.',
        '5 environment/broken requirements.txt has a line that is no requirement of pip: "x = = 3"; write NAME==VERSION.',
      ]);
    });

    it('takes versions from constraints, and what it includes once, also in a ring', async () => {
      repo.write('constraints.txt', 'NumPy==2.1.0\nscipy>1\n');
      repo.write('base.txt', '-r requirements.txt\npandas==2.2.3\nscipy\n');
      const { pinned, packages, problems } = await read('requirements.txt', '-c constraints.txt\n-r base.txt\nnumpy\n');
      assert.deepEqual(packages, ['pandas 2.2.3 2', 'scipy undefined 3', 'numpy 2.1.0 3']);
      assert.deepEqual(codesOf(problems), ['3 environment/open']);
      assert.equal(pinned, false);
    });

    it('opens nothing outside of the repository, and says what is not there', async () => {
      const { pinned, problems } = await read('requirements.txt', '-r /etc/hostname\n-r ../../x.txt\n-r gone.txt\n');
      assert.equal(pinned, false);
      assert.deepEqual(codesOf(problems), ['3 environment/broken']);
    });

    it('leaves it to an included file that is read by itself to tell its problems', async () => {
      repo.write('requirements-base.txt', 'numpy\n');
      const { pinned, problems } = await read('requirements.txt', '-r requirements-base.txt\n');
      assert.deepEqual([pinned, problems], [false, []]);
    });
  });

  it('of conda is pinned when each dependency names one version', async () => {
    const text = `name: a
dependencies:
  - python=3.11.7
  - conda-forge::numpy=2.1.0=py311_0
  - pip
  - scipy>=1,<2
  - pandas 2.2.*
  - pip:
      - geo==1.0
      - rasterio
`;
    const { pinned, packages, problems } = await read('environment.yml', text);
    assert.equal(pinned, false);
    assert.deepEqual(packages.slice(0, 2), ['python 3.11.7 3', 'numpy 2.1.0 4']);
    assert.deepEqual(codesOf(problems), [
      '5 environment/open',
      '6 environment/not-pinned',
      '7 environment/not-pinned',
      '10 environment/open',
    ]);
    assert.equal((await read('conda.yaml', 'dependencies: [python=3.11, "numpy==2.1.0"]')).pinned, true);
  });

  it('of MLflow names Python and lines of pip', async () => {
    const { packages, problems } = await read(
      'python_env.yaml',
      'python: "3.10"\nbuild_dependencies:\n- pip\ndependencies:\n- a==1\n',
    );
    assert.deepEqual(packages, ['python 3.10 1', 'pip undefined 3', 'a 1 5']);
    assert.deepEqual(problems, [
      '3 environment/open python_env.yaml names no version of "pip"; "pip==VERSION" with the one that is installed pins it.',
    ]);
  });

  describe('uv.lock', () => {
    const lock = `version = 1
revision = 3

[[package]]
name = "own"
version = "0.1.0"
source = { virtual = "." }

[package.metadata]
requires-dist = [
    { name = "numpy", specifier = ">=2.0,<3" },
    { name = "tiny-lib", extras = ["x"], marker = "extra == 'more'" },
]

[package.metadata.requires-dev]
dev = [{ name = "pytest", specifier = "==8.*" }]

[[package]]
name = "numpy"
version = "2.1.0"
source = { registry = "https://packages.example/simple" }
`;
    const project = (numpy: string) => `[project]
name = "own"
dependencies = ["${numpy}"]
optional-dependencies.more = ["Tiny_Lib[x]", "own[other]"]
[dependency-groups]
dev = ["pytest == 8.*", {include-group = "more"}]
`;

    it('is in step with its project however that is spelled', async () => {
      repo.write('pyproject.toml', project('NumPy < 3, >= 2'));
      const { pinned, packages, problems } = await read('uv.lock', lock);
      assert.deepEqual([pinned, packages, problems], [true, ['numpy 2.1.0 19'], []]);
    });

    it('is stale when the project asks for something else', async () => {
      repo.write('pyproject.toml', project('numpy>=2.2'));
      const { pinned, problems } = await read('uv.lock', lock);
      assert.equal(pinned, true);
      assert.deepEqual(problems, [
        '9 environment/lock-stale uv.lock does not fit pyproject.toml: it lacks "numpy>=2.2", and it has "numpy>=2.0,<3"; "uv lock" brings them in step.',
      ]);
    });

    it('that is cut short is read as far as it goes', async () => {
      const { pinned, packages, problems } = await read('uv.lock', `${lock}\n[[package]]\nname = "sci`);
      assert.equal(pinned, false);
      assert.deepEqual(packages, ['numpy 2.1.0 19']);
      assert.deepEqual(codesOf(problems), ['24 environment/broken']);
      assert.match(problems[0] ?? '', /uv\.lock cannot be read whole/);
    });

    it('of megabytes is read in pieces, with the lines that they have in the whole', async function () {
      this.timeout(30_000);
      const many = Array.from(
        { length: 30_000 },
        (_, n) =>
          `[[package]]\nname = "p${n}"\nversion = "1.${n}"\nsource = { registry = "https://packages.example/simple/with/a/long/path" }\n`,
      );
      const started = Date.now();
      let longest = 0;
      let last = started;
      const clock = setInterval(() => {
        longest = Math.max(longest, Date.now() - last);
        last = Date.now();
      }, 1);
      const { packages } = await read('uv.lock', lock + many.join('\n'));
      clearInterval(clock);
      assert.equal(packages.length, 30_001);
      assert.equal(packages.at(-1), `p29999 1.29999 ${22 + 29_999 * 5 + 1}`);
      assert.ok(longest < 1000, `others waited ${longest} ms`);
    });
  });

  describe('poetry.lock', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const lock = (hash: string, version = '2.5.1') =>
      `# This file is automatically @generated by Poetry ${version} and should not be changed by hand.\n\n[[package]]\nname = "numpy"\nversion = "2.1.0"\n\n[metadata]\ncontent-hash = "${hash}"\n`;

    it('knows its project by what Python makes of it', async () => {
      repo.write('pyproject.toml', "[project]\nrequires-python = '>=3.11'\ndependencies = ['numpy>=2', 'é']\n");
      const json =
        '{"project": {"dependencies": ["numpy>=2", "\\u00e9"], "requires-python": ">=3.11"}, "tool": {"poetry": {}}}';
      assert.deepEqual((await read('poetry.lock', lock(sha256(json)))).problems, []);
    });

    it('knows a classic project, where what is absent counts as null', async () => {
      repo.write(
        'pyproject.toml',
        '[tool.poetry.dependencies]\npython = "^3.11"\nnumpy = { version = "^2", optional = true }\n',
      );
      const json =
        '{"dependencies": {"numpy": {"optional": true, "version": "^2"}, "python": "^3.11"}, "dev-dependencies": null, "extras": null, "source": null}';
      assert.deepEqual((await read('poetry.lock', lock(sha256(json)))).problems, []);
    });

    it('of a Poetry before 2.3 left out the groups', async () => {
      repo.write('pyproject.toml', '[project]\ndependencies = ["numpy"]\n[dependency-groups]\ndev = ["a"]\n');
      const json = '{"project": {"dependencies": ["numpy"]}, "tool": {"poetry": {}}}';
      assert.deepEqual((await read('poetry.lock', lock(sha256(json), '2.2.1'))).problems, []);
      assert.deepEqual(codesOf((await read('poetry.lock', lock(sha256(json)))).problems), ['8 environment/lock-stale']);
    });

    it('is stale under another hash, and says what is not in it', async () => {
      repo.write('pyproject.toml', "[project]\ndependencies = ['numpy>=2', 'scipy']\n");
      const { pinned, problems } = await read('poetry.lock', lock('0'.repeat(64)));
      assert.equal(pinned, true);
      assert.match(
        problems[0] ?? '',
        /^8 environment\/lock-stale poetry\.lock was made from another pyproject\.toml: .* and "scipy" is not in it/,
      );
    });
  });

  it('of pdm and of PEP 751 names versions, commits and folders', async () => {
    repo.write('pyproject.toml', '[project]\nname = "own"\ndependencies = ["numpy", "scipy>1"]\n');
    const pdm = await read('pdm.lock', '[[package]]\nname = "numpy"\nversion = "2.1.0"\n[[package]]\nname = "bare"\n');
    assert.deepEqual(pdm.packages, ['numpy 2.1.0 2', 'bare undefined 5']);
    assert.deepEqual(codesOf(pdm.problems), ['5 environment/open', '1 environment/lock-stale']);
    const pylock = await read(
      'pylock.toml',
      `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\n[[packages]]\nname = "b"\nvcs = {type = "git", commit-id = "${'c'.repeat(40)}"}\n[[packages]]\nname = "c"\ndirectory = {path = "."}\n`,
    );
    assert.deepEqual([pylock.pinned, pylock.packages], [true, ['a 1 3', `b ${'c'.repeat(40)} 6`]]);
  });

  it('of conda-lock and pixi names archives, and lacks what was declared since', async () => {
    repo.write('environment.yml', 'dependencies: [python=3.11, scipy]');
    const lock =
      'version: 1\nmetadata:\n  sources: [environment.yml]\npackage:\n- name: python\n  version: 3.11.7\n  manager: conda\n';
    const conda = await read('conda-lock.yml', lock);
    assert.deepEqual([conda.packages, conda.pinned], [['python 3.11.7 5'], true]);
    assert.deepEqual(codesOf(conda.problems), ['1 environment/lock-stale']);
    repo.write('pixi.toml', '[dependencies]\npython = "*"\nnumpy = "2.*"\n');
    const pixi = await read(
      'pixi.lock',
      'version: 6\npackages:\n- conda: https://c.example/linux-64/python-3.13.1-h1_105.conda\n- pypi: https://p.example/tiny_lib-1.2-py3-none-any.whl\n  name: tiny-lib\n  version: "1.2"\n- pypi: ./\n  name: own\n',
    );
    assert.deepEqual(pixi.packages, ['python 3.13.1 3', 'tiny-lib 1.2 4']);
    assert.match(pixi.problems[0] ?? '', /lacks "numpy"/);
  });

  it('of npm has to ask for what package.json asks for', async () => {
    const lock = JSON.stringify(
      {
        lockfileVersion: 3,
        packages: {
          '': { dependencies: { a: '^1' } },
          'node_modules/a': { version: '1.2.0' },
          'node_modules/a/node_modules/@s/b': { version: '3.0.0' },
          'node_modules/w': { link: true },
        },
      },
      null,
      1,
    );
    repo.write('package.json', '{"dependencies": {"a": "^1"}}');
    const fits = await read('package-lock.json', lock);
    assert.deepEqual(
      [fits.packages.map((text) => text.split(' ').slice(0, 2).join(' ')), fits.pinned, fits.problems],
      [['a 1.2.0', '@s/b 3.0.0'], true, []],
    );
    repo.write('package.json', '{"dependencies": {"a": "^2"}, "devDependencies": {"c": "1"}}');
    assert.deepEqual((await read('package-lock.json', lock)).problems, [
      '4 environment/lock-stale package-lock.json does not fit package.json: "a" is ^1, not ^2, "c" is not there, not 1; "npm install --package-lock-only" brings them in step.',
    ]);
  });

  it('of renv names R too', async () => {
    const { packages, problems } = await read(
      'renv.lock',
      '{"R": {"Version": "4.4.1"},\n"Packages": {\n"sf": {"Package": "sf", "Version": "1.0-16"},\n"x": {}}}',
    );
    assert.deepEqual(packages, ['R 4.4.1 1', 'sf 1.0-16 3', 'x undefined 4']);
    assert.deepEqual(codesOf(problems), ['4 environment/open']);
  });

  it('that is garbage, empty or a folder is a problem at most, never an error', async () => {
    const names = [
      'requirements.txt',
      'uv.lock',
      'poetry.lock',
      'pdm.lock',
      'pylock.toml',
      'conda.yaml',
      'python_env.yaml',
      'conda-lock.yml',
      'pixi.lock',
      'package-lock.json',
      'renv.lock',
    ];
    const texts = [
      '',
      '[',
      '\u0000\u0001{{{',
      '{"packages": [1, {"": 3}], "Packages": 4, "package": {"name": []}}',
      'package: 3\npackages: {a: [}\ndependencies: [[1], {pip: 3}, null, 1.5]',
      '[[package]]\nname = 1\n[[packages]]\nversion = 2\n',
    ];
    for (const name of names)
      for (const text of texts) {
        const { problems } = await read(name, text);
        for (const problem of problems) assert.ok(problem.includes(name), problem);
      }
    assert.deepEqual(codesOf((await reading(repo.at('gone', 'uv.lock'))).problems), ['1 environment/broken']);
  });

  it('takes no time for lines that are made to take some', async () => {
    const started = Date.now();
    const long = [
      `a${' '.repeat(200_000)}b`,
      `git+https://${'a'.repeat(200_000)}`,
      'a-'.repeat(100_000),
      `x ==${'1,'.repeat(50_000)}`,
    ];
    const { problems } = await read('requirements.txt', long.join('\n'));
    assert.equal(problems.length, 4);
    await read('conda.yaml', `dependencies: [${long.map((text) => JSON.stringify(text)).join(', ')}]`);
    assert.ok(Date.now() - started < 1500, `${Date.now() - started} ms`);
  });
});

const corpus = '../shared/corpus/provenance/examples';
if (existsSync(corpus))
  describe('lock files of others', () => {
    it('are read whole', async () => {
      for (const [name, count] of [
        ['conda-lock.yml', 13],
        ['pixi.lock', 52],
      ] as const) {
        const { pinned, packages, problems } = await reading(join(process.cwd(), corpus, name));
        assert.deepEqual([pinned, packages.length, problems], [true, count, []], name);
      }
    });
  });
