import * as vscode from 'vscode';
import type { ContractChecks, PlannedCheck, Range } from '../../../server/src/protocol';

/** The items of one contract: its tables, their columns, and in each the checks, by the ids that they have in reports. */
export class ContractTests {
  readonly item: vscode.TestItem;
  readonly #controller: vscode.TestController;
  /** In the order of the contract. */
  #checks: ReadonlyMap<string, vscode.TestItem> = new Map();

  constructor(controller: vscode.TestController, uri: vscode.Uri) {
    this.#controller = controller;
    this.item = controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
    this.item.canResolveChildren = true;
  }

  get uri(): vscode.Uri {
    return this.item.uri ?? vscode.Uri.parse(this.item.id);
  }

  /** Empty until the contract was read. */
  get checks(): ReadonlyMap<string, vscode.TestItem> {
    return this.#checks;
  }

  /** Takes over what follows from the contract now. Items stay while their ids do, and with them what they last said. */
  take({ tables, checks }: ContractChecks): void {
    this.item.canResolveChildren = false;
    const kept = new Map<string, vscode.TestItem>();
    const all = tables.flatMap(({ table, range, columns }, index) => {
      const own = checks.filter((check) => check.table === table);
      if (own.length === 0) return [];
      // What stands before a table is sorted by its text, and text has tables in any order.
      const item = this.#item(this.item, `table:${table}`, { label: table || this.item.label, range, place: index });
      const places = new Map(columns.map((column) => [column.column, column.range]));
      this.#fill(item, own, places, kept);
      return [item];
    });
    this.item.children.replace(all);
    this.#checks = kept;
  }

  #fill(
    table: vscode.TestItem,
    checks: readonly PlannedCheck[],
    places: ReadonlyMap<string, Range>,
    kept: Map<string, vscode.TestItem>,
  ): void {
    const columns = new Map<string, PlannedCheck[]>();
    const own: vscode.TestItem[] = [];
    for (const [place, check] of checks.entries()) {
      if (check.column === null) own.push(this.#check(table, check, place, kept));
      else columns.set(check.column, [...(columns.get(check.column) ?? []), check]);
    }
    const names = [...places.keys()];
    const ofColumns = [...columns].map(([column, within]) => {
      const range = places.get(column) ?? within[0]?.range;
      const place = checks.length + names.indexOf(column);
      const item = this.#item(table, `column:${column}`, { label: column, range, place });
      item.children.replace(within.map((check, index) => this.#check(item, check, index, kept)));
      return item;
    });
    table.children.replace([...own, ...ofColumns]);
  }

  #check(
    parent: vscode.TestItem,
    { id, name, expected, range }: PlannedCheck,
    place: number,
    kept: Map<string, vscode.TestItem>,
  ): vscode.TestItem {
    const before = parent.children.get(id)?.label;
    // VS Code reads an item's description aloud in place of its label, so the rule is part of the label.
    const label = [name, expected].filter(Boolean).join(' · ');
    const item = this.#item(parent, id, { label, range, place });
    // What was said of another rule says nothing of this one.
    if (before !== undefined && before !== label) this.#controller.invalidateTestResults(item);
    kept.set(id, item);
    return item;
  }

  #item(
    parent: vscode.TestItem,
    id: string,
    { label, range, place }: { readonly label: string; readonly range: Range | undefined; readonly place: number },
  ): vscode.TestItem {
    const item = parent.children.get(id) ?? this.#controller.createTestItem(id, label, this.uri);
    item.label = label;
    item.sortText = String(place).padStart(6, '0');
    item.range = range && rangeOf(range);
    return item;
  }
}

/** A range of the protocol as VS Code has it. */
export const rangeOf = ({ start, end }: Range): vscode.Range =>
  new vscode.Range(start.line, start.character, end.line, end.character);
