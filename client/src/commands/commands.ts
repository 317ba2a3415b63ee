/** The commands: a chunk of its own, so that a start loads none of them. */
import type { Parts } from '../language-client';
import { checkData } from './check-data';
import { checkDataAsOf } from './check-data-as-of';
import { checkDrift } from './check-drift';
import { compareCode } from './compare-code';
import { convertContract } from './convert-contract';
import { copyDiagnosticInfo } from './copy-diagnostic-info';
import { copyRecipe } from './copy-recipe';
import { deleteResults } from './delete-results';
import { exportProvenance } from './export-provenance';
import { exportResult } from './export-result';
import { filterProvenance } from './filter-provenance';
import { findDriftStart } from './find-drift-start';
import { goToRun } from './go-to-run';
import { newContract } from './new-contract';
import { newManifest } from './new-manifest';
import { openContractAsOf } from './open-contract-as-of';
import { openResults } from './open-results';
import { showPanel } from './show-panel';
import { showProvenance } from './show-provenance';

export { again } from './again';

type Command = (parts: Parts, args: readonly unknown[]) => Promise<void> | void;

export const commands = {
  checkData,
  checkDrift,
  findDriftStart,
  showProvenance,
  openResults,
  exportResult,
  deleteResults,
  showRuns: (parts, args) => showPanel(parts, args, 'runs'),
  showProvenanceGraph: (parts, args) => showPanel(parts, args, 'graph'),
  filterProvenance,
  goToRun,
  compareCode,
  openContractAsOf,
  checkDataAsOf,
  copyRecipe,
  newManifest,
  convertContract,
  newContract,
  exportProvenance,
  copyDiagnosticInfo,
} satisfies Readonly<Record<string, Command>>;
export type Commands = { readonly [Name in keyof typeof commands]: Command };
