import type { ComponentChildren } from 'preact';

export interface TableColumn {
  readonly label: string;
  /** Figures, which stand at the end. */
  readonly end?: boolean;
}

interface DataTableProps {
  readonly label: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}

/** A small plain table, which scrolls sideways by itself when the page is narrower. */
export function DataTable({ label, columns, rows }: DataTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls is reached by keyboard only when it takes the focus
    <section class="data-table" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" class={column.end ? 'end' : ''}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={columns[index]?.label} class={columns[index]?.end ? 'end' : ''}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Text of a cell, or the word for none. */
export function Value({ text }: { readonly text: string | undefined }) {
  return text === undefined ? <i class="none">no value</i> : text;
}
