import assert from 'node:assert/strict';
import { members } from '../../server/src/stores/images';
import { fill } from '../../server/src/stores/packages/image';
import { repository, type Scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

const world = listeningWorld();
const digest = `sha256:${'d'.repeat(64)}`;
let repo: Scratch;

async function read(name: string, text: string) {
  const path = repo.write(name, text);
  const format = members.find((member) => member.matches(path));
  assert.ok(format, `No format reads ${name}`);
  const { found, problems } = await format.read(path, world);
  const lineOf = (location: { range: { start: { line: number } } } | null) => (location?.range.start.line ?? -2) + 1;
  return {
    images: found.map(
      ({ image, digest, location }) => `${lineOf(location)} ${image.replace(/@.*/, '')}${digest ? ' pinned' : ''}`,
    ),
    problems: problems.map(({ code, location }) => `${lineOf(location)} ${code}`),
    messages: problems.map(({ message }) => message),
  };
}

describe('a file that names images', () => {
  beforeEach(() => {
    repo = repository();
  });
  afterEach(() => repo.remove());

  it('is known by its name', () => {
    const kindOf = (name: string) => members.filter((member) => member.matches(`/p/${name}`)).map(({ kind }) => kind);
    for (const name of ['Dockerfile', 'gpu.Dockerfile', 'Dockerfile.gpu', 'Containerfile'])
      assert.deepEqual(kindOf(name), ['dockerfile'], name);
    for (const name of ['compose.yaml', 'docker-compose.prod.yml', 'compose.override.yml'])
      assert.deepEqual(kindOf(name), ['compose'], name);
    for (const name of ['.devcontainer/devcontainer.json', '.devcontainer/gpu/devcontainer.json', '.devcontainer.json'])
      assert.deepEqual(kindOf(name), ['devcontainer'], name);
    for (const name of ['Dockerfile.dockerignore', 'devcontainer.json', 'composer.yaml'])
      assert.deepEqual(kindOf(name), [], name);
  });

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of shells are what is meant
  it('fills in variables as shells do', () => {
    const of = (text: string) => fill(text, (name) => ({ A: 'a', E: '' })[name]);
    assert.deepEqual(of('$A-${A}-$$A'), { text: 'a-a-$A', unknown: [] });
    assert.deepEqual(of('${B:-${A}x}/${E:-y}/${E-z}/${A:+w}'), { text: 'ax/y//w', unknown: [] });
    assert.deepEqual(of('${B}:${A?no}'), { text: '${B}:a', unknown: ['B'] });
    assert.equal(of('${'.repeat(5000)).text.length, 10_000);
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above

  it('as a Dockerfile builds on stages, arguments and mounts', async () => {
    const text = `# syntax=docker/dockerfile:1@${digest}
# escape=\`
ARG TAG=3.11 \`
    REGISTRY="r.example"
ARG BASE=$REGISTRY/python:\${TAG}
FROM --platform=$BUILDPLATFORM \${BASE} AS Build
RUN <<EOF
FROM evil:1
EOF
RUN --mount=type=bind,from=tools:2,target=/t --mount=type=cache,target=/c true
FROM build AS arm64
FROM scratch
COPY --from=0 /a /a
COPY --from=BUILD \`
  /b /b
COPY --from=r.example:5000/x@${digest} /c /c
FROM \${TARGETARCH}
FROM $NOBODY
`;
    const { images, problems, messages } = await read('Dockerfile', text);
    assert.deepEqual(images, [
      '1 docker/dockerfile:1 pinned',
      '6 r.example/python:3.11',
      '10 tools:2',
      '16 r.example:5000/x pinned',
      '18 $NOBODY',
    ]);
    assert.deepEqual(problems, ['6 image/not-pinned', '10 image/not-pinned', '18 image/not-pinned']);
    assert.equal(
      messages[0],
      'Dockerfile takes the image "r.example/python:3.11" by a tag, which may move; "@sha256:…" after its name pins it.',
    );
    assert.match(messages[2] ?? '', /"NOBODY" is set by whoever runs it/);
  });

  it('as a Dockerfile without an image is broken', async () => {
    assert.deepEqual((await read('Dockerfile', '')).problems, ['1 image/broken']);
    assert.deepEqual((await read('Dockerfile', '\nFROM\n')).problems, ['2 image/broken']);
    assert.deepEqual((await read('Dockerfile', 'FROM a@sha256:12')).messages, [
      'Dockerfile takes the image "a@sha256:12" with a digest that is no "sha256:" and 64 hex digits; "@sha256:…" after its name pins it.',
    ]);
  });

  it('as a file of Compose takes images, builds, what it includes, and .env', async () => {
    repo.write('.env', 'TAG="2"\n# no\n');
    repo.write('docker/prod', 'FROM alpine\n');
    repo.write('more.yaml', 'services: {z: {image: "z:1"}}');
    repo.write('compose.override.yaml', `services: {replaced: {image: "a@${digest}"}}`);
    const text = `include: [more.yaml, gone.yaml]
services:
  a: {image: "db:\${TAG:-1}", profiles: [test]}
  b: {image: "own/b:1", build: {context: ., dockerfile: docker/prod}}
  c: {image: "own/b:1"}
  d: {image: "x:$TAG_OF_NOBODY"}
  replaced: {image: "a:1"}
  e: {build: ./nowhere}
`;
    const { images, problems } = await read('compose.yaml', text);
    assert.deepEqual(images, ['3 db:2', '1 alpine', '6 x:$TAG_OF_NOBODY', '1 z:1']);
    assert.deepEqual(problems, [
      '3 image/not-pinned',
      '1 image/not-pinned',
      '6 image/not-pinned',
      '8 image/broken',
      '1 image/not-pinned',
      '1 image/broken',
    ]);
  });

  it('as a development container takes features by whole versions', async () => {
    const text = `{
  // comments may stand here
  "image": "mcr.example/base:\${localEnv:TAG:1}",
  "features": {
    "ghcr.io/f/git-lfs:1": {},
    "ghcr.io/f/node:1.2.3": {},
    "ghcr.io/f/go@${digest}": {},
    "./own": {},
    "ghcr.io/f/bare": {},
  },
}`;
    const { images, problems } = await read('.devcontainer/devcontainer.json', text);
    assert.deepEqual(images, ['3 mcr.example/base:1']);
    assert.deepEqual(problems, ['3 image/not-pinned', '5 image/feature-not-pinned', '9 image/feature-not-pinned']);
    const features = { 'ghcr.io/f/git-lfs:1': { version: '1.2.3', resolved: `ghcr.io/f/git-lfs@${digest}` } };
    repo.write('.devcontainer/devcontainer-lock.json', JSON.stringify({ features }));
    assert.deepEqual((await read('.devcontainer/devcontainer.json', text)).problems, [
      '3 image/not-pinned',
      '9 image/feature-not-pinned',
    ]);
  });

  it('as a development container names its Dockerfile', async () => {
    repo.write('docker/base', 'FROM alpine:3\n');
    assert.deepEqual(
      (await read('.devcontainer/devcontainer.json', '{"build": {"dockerfile": "../docker/base"}}')).images,
      ['1 alpine:3'],
    );
    assert.deepEqual((await read('.devcontainer/devcontainer.json', '{"build": {"dockerfile": "gone"}}')).problems, [
      '1 image/broken',
    ]);
    assert.deepEqual(
      (await read('.devcontainer/devcontainer.json', '{"build": {"dockerfile": "../../../etc/x"}}')).problems,
      [],
    );
  });

  it('that is garbage is a problem at most, never an error', async () => {
    for (const name of ['Dockerfile', 'compose.yaml', '.devcontainer.json'])
      for (const text of [
        '',
        '\u0000\u0001',
        '{"services": [1], "features": 3, "image": {}',
        'services: {a: 3, b: {image: [x]}, c: {build: [1]}}\ninclude: 4',
        'FROM '.repeat(500),
        'RUN <<EOF\n',
      ]) {
        const { messages } = await read(name, text);
        for (const message of messages) assert.ok(message.includes(name.replace(/^.*\//, '')), message);
      }
  });
});
