import { evidently } from './evidently';
import type { Format } from './format';
import { json } from './json';
import { openlineage } from './openlineage';
import { prov } from './prov';
import { roCrate } from './ro-crate';
import { sagemaker } from './sagemaker';
import { text } from './text';

/** The first is what a terminal gets when nobody asks. */
export const formats: readonly Format[] = [text, json, evidently, sagemaker, openlineage, prov, roCrate];
