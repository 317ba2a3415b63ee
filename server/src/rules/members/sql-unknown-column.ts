import { columnsOf } from '../../contract/model';
import { didYouMean, slipsOf } from '../../text/nearest';
import { get } from '../../text/tree';
import { replacement, rulesIn, spanWithin } from '../place';
import type { Finding, Rule } from '../rule';

/**
 * Only a word that is nearly a column's name is judged: what the dialect, the store or the query itself may define is
 * not known here, so any other word may be right.
 */
export const sqlUnknownColumn: Rule = {
  code: 'contract/sql-unknown-column',
  severity: 'error',
  documentation: 'The query of a quality rule spells a column almost, but not quite, as the contract does.',
  check: (contract) => {
    if (!rulesIn(contract).some(({ rule }) => rule.query !== undefined)) return [];
    const known = new Set(
      contract.tables.flatMap((table) => [
        table.name,
        table.physicalName,
        ...columnsOf(table).flatMap(({ name, physicalName }) => [name, physicalName]),
      ]),
    );
    const spelt = new Set([...known].map(lower));
    return rulesIn(contract).flatMap(({ rule, table }): readonly Finding[] => {
      const node = get(rule.node, 'query');
      if (rule.query === undefined || node?.kind !== 'scalar') return [];
      const columns = columnsOf(table).map(({ physicalName }) => physicalName);
      return suspects(rule.query).flatMap((word): readonly Finding[] => {
        const meant = spelt.has(lower(word)) || word.length < 4 ? [] : slipsOf(word, columns);
        const [best] = meant;
        if (best === undefined) return [];
        const span = spanWithin(contract.tree, node, word);
        const message = `Table "${table.name}" has no column "${word}".${didYouMean(meant)}`;
        return [{ span, message, fix: replacement(span, best) }];
      });
    });
  },
};

/** Words of a query that may be columns: no keywords, calls, qualifiers, placeholders, aliases, texts or comments. */
function suspects(query: string): readonly string[] {
  const code = query.replaceAll(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|\$?\{[^}]*\}/g, ' _ ');
  const defined = new Set(
    definitions.flatMap((pattern) => [...code.matchAll(pattern)].flatMap((match) => match.slice(1))).map(lower),
  );
  const words = [...code.matchAll(/(?<![\w.])"?([a-z_]\w*)"?(?!\w*\s*[.(])/gi)].map(([, word]) => word ?? '');
  return [...new Set(words)].filter((word) => !defined.has(lower(word)) && !keywords.has(word.toUpperCase()));
}

const lower = (word: string | undefined): string => (word ?? '').toLowerCase();

/** Where a query names something itself: an alias, a table with its alias, a common table expression. */
const definitions: readonly RegExp[] = [
  /\bas\s+"?([a-z_]\w*)/gi,
  /\b(?:from|join)\s+"?([a-z_]\w*)"?(?:\s+([a-z_]\w*))?/gi,
  /([a-z_]\w*)"?\s+as\s*\(/gi,
  /\)\s+"?([a-z_]\w*)/gi,
];

const keywords: ReadonlySet<string> = new Set(
  `SELECT FROM WHERE AND OR NOT NULL IS IN LIKE BETWEEN GROUP ORDER BY HAVING LIMIT OFFSET JOIN LEFT RIGHT FULL OUTER INNER
  CROSS LATERAL NATURAL ON USING AS DISTINCT ALL ANY SOME EXISTS UNION EXCEPT INTERSECT WITH RECURSIVE CASE WHEN THEN ELSE
  END CAST TRUE FALSE INTERVAL DATE TIME TIMESTAMP FILTER OVER PARTITION ROWS RANGE PRECEDING FOLLOWING CURRENT ROW ASC DESC
  NULLS FIRST LAST VALUES TABLE QUALIFY WINDOW EXTRACT YEAR MONTH WEEK DAY HOUR MINUTE SECOND DAYS HOURS COLLATE ESCAPE ILIKE
  INTEGER BIGINT DOUBLE FLOAT VARCHAR TEXT BOOLEAN DECIMAL NUMERIC CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP`.split(
    /\s+/,
  ),
);
