import { dirname, isAbsolute, relative } from 'node:path';
import { driftWishOf, isComplaint } from '../check/drift-rule';
import { type Column, type Contract, columnsOf, type Rule, type Table } from '../contract/model';
import { limitIn } from '../drift/monitor';
import type { DriftLimit } from '../protocol';
import { type Edit, endOf, type Fix, indentAt, setting, written } from '../text/edit';
import { entryOf, get, type MapNode } from '../text/tree';
import type { Document } from '../workspace/document';

/** A rule with `engine: plumbline` that compares a column with other data. */
export interface DriftRule {
  readonly table: Table;
  readonly column: Column;
  readonly rule: Rule;
  readonly reference: string;
  readonly method: string | undefined;
  readonly threshold: number | undefined;
}

/** The drift rules of a contract's columns that are whole. */
export const driftRulesOf = ({ tables }: Contract): readonly DriftRule[] =>
  tables.flatMap((table) =>
    columnsOf(table).flatMap((column) =>
      column.rules.flatMap((rule): DriftRule[] => {
        const wish = rule.engine?.toLowerCase() === 'plumbline' ? driftWishOf(rule.implementation) : undefined;
        return wish && !isComplaint(wish) ? [{ table, column, rule, ...wish }] : [];
      }),
    ),
  );

/**
 * Writes the limit of a drift comparison into the file: into the monitor that asked for it, else into the contract: into the rule that asks for the same method of the column,
 * else as a new rule. Undefined when the contract has no such column, or is JSON.
 */
export function limitFix(document: Document, limit: DriftLimit): Fix | undefined {
  if (limit.monitor !== undefined) return monitorFix(document, limit);
  const { contract, path, text } = document;
  if (!contract || text.trimStart().startsWith('{')) return undefined;
  const { column, method, threshold } = limit;
  const title = `Set the limit of ${method} to ${threshold}`;
  const rules = driftRulesOf(contract).filter((rule) => isOf(rule, limit));
  const rule =
    rules.find((candidate) => candidate.method === method) ?? rules.find((candidate) => candidate.method === undefined);
  const drift = rule && get(get(rule.rule.node, 'implementation'), 'drift');
  if (drift?.kind === 'map') return { title, edits: limitsIn(contract, drift, limit) };
  const found = contract.tables
    .filter(({ name }) => limit.table === undefined || name === limit.table)
    .flatMap(columnsOf)
    .find(({ physicalName }) => physicalName === column);
  const edit = found && newRule(contract, found, limit, path);
  return edit && { title, edits: [edit] };
}

/** The number in a monitor's file; where that is of all columns of a type, it is theirs as well. */
function monitorFix(
  { monitors }: Document,
  { monitor: name, column, type, method, threshold }: DriftLimit,
): Fix | undefined {
  const monitor = monitors.find((candidate) => candidate.name === name);
  const place = monitor && limitIn(monitor, { column, type: type ?? 'text', method });
  const title = `Set the limit of ${method} to ${threshold}`;
  return place && { title, edits: [{ span: place.span, text: written(threshold, '') }] };
}

const isOf = ({ table, column }: DriftRule, limit: DriftLimit): boolean =>
  column.physicalName === limit.column && (limit.table === undefined || table.name === limit.table);

function limitsIn({ tree }: Contract, drift: MapNode, { method, threshold }: DriftLimit): readonly Edit[] {
  if (entryOf(drift, 'method')) return [setting(tree, drift, 'threshold', threshold)];
  const both = setting(tree, drift, 'method', method);
  const limit = setting(tree, drift, 'threshold', threshold);
  // Both come at the same place when neither is there yet, and an editor wants one edit a place.
  return both.span.start === limit.span.start ? [{ span: both.span, text: both.text + limit.text }] : [both, limit];
}

function newRule({ tree }: Contract, { name, node }: Column, limit: DriftLimit, path: string): Edit | undefined {
  const quality = get(node, 'quality');
  const last = quality?.kind === 'list' ? quality.items.at(-1) : undefined;
  const lines = ruleLines(name, limit, path);
  if (last) {
    const end = endOf(tree, last);
    if (tree.text.charAt(quality?.span.start ?? 0) === '[') return undefined;
    const indent = indentAt(tree, last.span.start).slice(2);
    return { span: { start: end, end }, text: lines.map((line) => `\n${indent}${line}`).join('') };
  }
  const key = node.entries.at(-1);
  if (!key || quality || tree.text.charAt(node.span.start) === '{') return undefined;
  const end = endOf(tree, key.value);
  const indent = indentAt(tree, key.key.span.start);
  return {
    span: { start: end, end },
    text: [`quality:`, ...lines.map((line) => `  ${line}`)].map((line) => `\n${indent}${line}`).join(''),
  };
}

function ruleLines(name: string, { method, threshold, reference }: DriftLimit, path: string): readonly string[] {
  const from = isAbsolute(reference) ? relative(dirname(path), reference).replaceAll('\\', '/') : reference;
  return [
    `- id: ${written(`${name}_drift`, '')}`,
    '  type: custom',
    '  engine: plumbline',
    '  implementation:',
    '    drift:',
    `      reference: ${written(from, '')}`,
    `      method: ${method}`,
    `      threshold: ${threshold}`,
  ];
}
