import assert from 'node:assert/strict';
import { readdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProvenanceReport } from '../../server/src/protocol';
import { provenanceOf } from '../../server/src/provenance/graph';
import { type Scratch, scratch } from '../world/repository';
import { listeningWorld } from '../world/worlds';

/** The first file below a folder whose path fits. */
function fileIn(folder: string, fits: RegExp): string {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const found = all.find((path) => fits.test(path));
  assert.ok(found, `${fits} is below ${folder}`);
  return join(folder, found);
}

/** What is done to the project, which codes tell of it, and which runs or data it may take away. */
const damages: Readonly<
  Record<string, { readonly code: RegExp; readonly gone?: RegExp; readonly harm: (home: string) => void }>
> = {
  'a run of MLflow that is half written': {
    code: /^mlflow\//,
    gone: /^mlflow /,
    harm: (home) => truncateSync(fileIn(join(home, 'mlruns'), /^\d{2,}[\\/][0-9a-f]{32}[\\/]meta\.yaml$/), 40),
  },
  'a database that is cut short': {
    code: /^mlflow\//,
    gone: /^mlflow /,
    harm: (home) => truncateSync(join(home, 'mlflow.db'), 30_000),
  },
  'a log of W&B that is cut short': {
    code: /^wandb\/(log-cut|unfinished)/,
    gone: /^wandb orchardclean/,
    harm: (home) => {
      const log = fileIn(join(home, 'wandb'), /orchardclean\.wandb$/);
      truncateSync(log, 900);
      // One that was written just now may be of a run that goes on.
      utimesSync(log, 1, 1);
    },
  },
  'a log of W&B of other bytes': {
    code: /^wandb\//,
    gone: /^wandb orchardclean/,
    harm: (home) => writeFileSync(fileIn(join(home, 'wandb'), /orchardclean\.wandb$/), 'nothing of the kind'),
  },
  'a lock of DVC that is no YAML': {
    code: /^dvc\//,
    gone: /^data (data\/grown\.csv|models\/yield\.json)/,
    harm: (home) => writeFileSync(join(home, 'dvc.lock'), 'stages: [}\n'),
  },
  'a record of DVC with a number for a hash': {
    code: /^dvc\/hash/,
    gone: /^data data\/harvest\.csv/,
    harm: (home) => writeFileSync(join(home, 'data', 'harvest.csv.dvc'), 'outs:\n- md5: 1234\n  path: harvest.csv\n'),
  },
  'a cache that is gone': {
    code: /^dvc\/not-in-cache/,
    harm: (home) => rmSync(join(home, '.dvc', 'cache'), { recursive: true }),
  },
  'links in a circle': {
    code: /^(?!)/,
    harm: (home) => symlinkSync(home, join(home, 'data', 'loop'), 'dir'),
  },
  'a lock file that is no TOML': {
    code: /^environment\/broken/,
    harm: (home) => writeFileSync(join(home, 'uv.lock'), '[[package\n'),
  },
  'a Dockerfile of nothing but noise': {
    code: /^image\//,
    harm: (home) => writeFileSync(join(home, 'Dockerfile'), Buffer.from([0, 159, 146, 150, 10, 0])),
  },
  'a notebook that is cut short': {
    code: /^notebook\//,
    harm: (home) => writeFileSync(join(home, 'look.ipynb'), '{"nbformat": 4, "cells": ['),
  },
};

describe('provenance of a damaged project', function () {
  this.timeout(30_000);
  const world = listeningWorld();
  let whole: ProvenanceReport;
  let layOut: (folder: string) => unknown;
  let folder: Scratch;

  const parts = ({ runs, datasets }: ProvenanceReport) => [
    ...runs.map(({ tracker, id }) => `${tracker} ${id}`),
    ...datasets.map(({ path, version }) => `data ${path} ${version}`),
  ];

  before(async () => {
    const path = resolve('test/fixtures/provenance/orchard/lay-out.mjs');
    layOut = (await import(pathToFileURL(path).href)).layOutOrchard;
    const sound = scratch();
    layOut(sound.path);
    whole = await provenanceOf(world, sound.at('orchard'));
    sound.remove();
  });
  beforeEach(() => {
    folder = scratch();
    layOut(folder.path);
  });
  afterEach(() => folder.remove());

  for (const [what, { code, gone, harm }] of Object.entries(damages)) {
    it(`tells ${what}, and shows the rest`, async () => {
      const home = folder.at('orchard');
      harm(home);
      const report = await provenanceOf(world, home);
      const before = new Set(
        whole.findings.map((finding) => finding.code + finding.message.replaceAll(/\S*orchard\S*/g, '')),
      );
      const fresh = report.findings.filter(
        (finding) => !before.has(finding.code + finding.message.replaceAll(/\S*orchard\S*/g, '')),
      );
      const told = fresh.map((finding) => `${finding.code} ${finding.message}`);
      if (code.source === '^(?!)') assert.deepEqual(told, []);
      else
        assert.ok(
          fresh.some((finding) => code.test(finding.code)),
          `told: ${told.join('\n')}`,
        );
      const there = new Set(parts(report));
      const lost = parts(whole).filter((part) => !there.has(part));
      for (const part of lost) assert.match(part, gone ?? /^(?!)/);
      // One store that is broken is one cause, however many runs it has.
      assert.ok(fresh.length <= 4, told.join('\n'));
    });
  }
});
