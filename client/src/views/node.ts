import * as vscode from 'vscode';
import type { Location, RunReport } from '../../../server/src/protocol';

/** A row of the provenance view. Its children are made when somebody opens it. */
export interface ProvenanceNode {
  readonly item: vscode.TreeItem;
  readonly children: () => readonly ProvenanceNode[];
  /** The run that commands on the row are about. */
  readonly run?: RunReport;
}

interface RowOptions {
  /** Unique in the tree, so that the row stays open and selected when the tree is made anew. */
  readonly id?: string;
  readonly description?: string;
  /** What the icon says, in words. */
  readonly spoken?: string;
  readonly icon?: vscode.ThemeIcon;
  readonly tooltip?: string;
  readonly children?: () => readonly ProvenanceNode[];
  readonly open?: boolean;
  /** What menus know the row by. */
  readonly context?: string;
  readonly command?: vscode.Command;
  readonly run?: RunReport;
}

export function row(label: string, options: RowOptions = {}): ProvenanceNode {
  const { id, description, spoken, icon, tooltip, children, open, context, command, run } = options;
  const states = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, children ? (open ? states.Expanded : states.Collapsed) : states.None);
  item.id = id;
  item.description = description;
  item.iconPath = icon;
  item.tooltip = tooltip ?? [label, description].filter(Boolean).join('\n');
  item.contextValue = context;
  item.command = command;
  // Without the icons, whose meaning the words have to carry.
  item.accessibilityInformation = { label: [label, spoken, description].filter(Boolean).join(', ') };
  return { item, children: children ?? (() => []), ...(run ? { run } : {}) };
}

/** A row that says one thing; undefined when there is nothing to say. */
export const fact = (icon: string, label: string, value: string | null | undefined): ProvenanceNode[] =>
  value ? [row(label, { description: value, tooltip: `${label}: ${value}`, icon: new vscode.ThemeIcon(icon) })] : [];

/** A row with its number of rows; none when it would be empty. */
export function group(
  id: string,
  label: string,
  children: readonly ProvenanceNode[],
  options: Pick<RowOptions, 'icon' | 'open' | 'description'> = {},
): ProvenanceNode[] {
  if (children.length === 0) return [];
  const description = options.description ?? children.length.toLocaleString(vscode.env.language);
  return [row(label, { id, children: () => children, ...options, description })];
}

/** Opens a file of the disk, at a place of it when there is one. */
export function opening({
  path,
  range,
}: {
  readonly path: string;
  readonly range?: Location['range'];
}): vscode.Command {
  const at = new vscode.Position(range?.start.line ?? 0, range?.start.character ?? 0);
  const options = range ? [{ selection: new vscode.Range(at, at) }] : [];
  return { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [vscode.Uri.file(path), ...options] };
}

/** A status as an icon whose colour repeats what its shape says. */
export const coloured = (icon: string, colour: 'pass' | 'warning' | 'error' | 'muted'): vscode.ThemeIcon =>
  new vscode.ThemeIcon(icon, new vscode.ThemeColor(colours[colour]));

const colours = {
  pass: 'testing.iconPassed',
  warning: 'list.warningForeground',
  error: 'list.errorForeground',
  muted: 'disabledForeground',
} as const;

/** Date and time as the person's language writes them. */
export const timeOf = (iso: string | null): string | undefined =>
  iso === null
    ? undefined
    : new Date(iso).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });

/** Bytes as people write them: 5.2 MB. */
export function sizeOf(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes === 0 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toLocaleString(vscode.env.language, { maximumFractionDigits: 1 })} ${units[power]}`;
}
