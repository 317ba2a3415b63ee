import * as vscode from 'vscode';
import type { StoredResult } from '../../../server/src/protocol';
import type { Parts } from '../language-client';
import { checkData } from './check-data';
import { compare, runMonitor } from './check-drift';
import { search } from './find-drift-start';

/** Does again what gave a result that was kept from an earlier session, as it was done then, whatever the settings say now. */
export function again(parts: Parts, result: StoredResult): Promise<void> {
  if (result.kind === 'check') return checkData(parts, [vscode.Uri.file(result.contract)]);
  const { reference, current, monitor, preset, start } = result.report;
  if (monitor) return runMonitor(parts, { uri: vscode.Uri.file(monitor.path).toString(), monitor: monitor.name });
  if (start) return search(parts, { reference: reference.ref, current: start.path, preset });
  const uri = result.contract === null ? undefined : vscode.Uri.file(result.contract).toString();
  const { table } = result;
  return compare(parts, { uri, table, reference: reference.ref, current: current.ref, preset });
}
