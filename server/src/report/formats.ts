import { evidently } from './evidently';
import type { Format } from './format';
import { html } from './html';
import { json } from './json';
import { junit } from './junit';
import { markdown } from './markdown';
import { openlineage } from './openlineage';
import { prov } from './prov';
import { roCrate } from './ro-crate';
import { sagemaker } from './sagemaker';
import { sarif } from './sarif';
import { text } from './text';

/** The first is what a terminal gets when nobody asks. */
export const formats: readonly Format[] = [
  text,
  json,
  junit,
  sarif,
  markdown,
  html,
  evidently,
  sagemaker,
  openlineage,
  prov,
  roCrate,
];
