import { readdirSync, readFileSync } from 'node:fs';
import { type Completion, completionsAt } from '../../server/src/language/completion';
import { applied } from '../editor-text';
import { assertGolden } from '../golden';
import { marked } from '../marked';

const folder = 'test/fixtures/language/completion';

describe('language/completion', () => {
  for (const file of readdirSync(folder).filter((name) => !/\.(golden|actual)$/.test(name))) {
    it(file, () => {
      const { document, offset } = marked(file, readFileSync(`${folder}/${file}`, 'utf8'));
      assertGolden(`${folder}/${file}.golden`, listed(document.text, completionsAt(document, offset)));
    });
  }
});

/** The list as it opens, and the lines that its first entry makes. */
function listed(text: string, completions: readonly Completion[]): string {
  const [first] = completions;
  if (!first) return 'nothing\n';
  const rows = completions.map(({ label, kind, detail, deprecated }) =>
    `${kind.padEnd(9)} ${label}${detail ? `  (${detail})` : ''}${deprecated ? '  deprecated' : ''}`.trimEnd(),
  );
  const accepted = applied(text, [first]);
  const start = text.lastIndexOf('\n', first.span.start - 1) + 1;
  const end = accepted.length - (text.length - first.span.end);
  const lineEnd = accepted.indexOf('\n', end);
  const lines = accepted.slice(start, lineEnd < 0 ? undefined : lineEnd);
  return `${rows.join('\n')}\n\n${lines.replaceAll(/^/gm, '  │ ')}\n`;
}
