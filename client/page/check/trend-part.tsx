import type { CheckResult, CheckStatus } from '../../../server/src/protocol';
import { count, full, language, percent, plain } from '../numbers';
import { DataTable } from '../parts/data-table';
import { PartHead } from '../parts/part-head';
import { Plotted } from '../parts/plotted';
import { fileName } from '../paths';
import { ago } from '../times';
import { statuses, statusOrder } from './statuses';
import { dataOf, figureName, figureText, passRate, type TrendPoint, trendInWords } from './trend';

import { TrendMark } from './trend-sparkline';

interface TrendPartProps {
  readonly check: CheckResult;
  readonly points: readonly TrendPoint[];
  readonly asTable: boolean;
  /** Which of its pictures is shown: `share`, else the figure. */
  readonly picture: string | undefined;
  onAsTable(): void;
  onPicture(name: string): void;
}

/** A check over its runs: the figure against its limit, or the share of rows that pass. */
export function TrendPart({ check, points, asTable, picture, onAsTable, onPicture }: TrendPartProps) {
  const hasShare = points.some((point) => passRate(point.check) !== undefined);
  const byShare = hasShare && picture === 'share';
  const figure = byShare ? 'rows that pass' : figureName(points);
  const hasLimit = !byShare && points.some(({ check: { low, high } }) => low !== undefined || high !== undefined);
  const occurs = (status: CheckStatus) => points.some((point) => point.check.status === status);
  if (points.every((point) => point.check.value === null)) {
    return (
      <section class="trend-part" aria-label="Trend">
        <p>{trendInWords(points)}</p>
        <RunTable check={check} points={points} />
      </section>
    );
  }
  return (
    <section class="trend-part" aria-label="Trend">
      <p>{trendInWords(points)}</p>
      <div class="shown-part">
        {hasShare && (
          <div class="choice" role="group" aria-label="What is shown over the runs">
            <Choice word={capital(figureName(points))} pressed={!byShare} onClick={() => onPicture('figure')} />
            <Choice word="Rows that pass" pressed={byShare} onClick={() => onPicture('share')} />
          </div>
        )}
        <PartHead
          legend={
            <>
              {statusOrder.filter(occurs).map((status) => (
                <span key={status}>
                  <TrendMark status={status} /> {statuses[status].word.toLowerCase()}
                </span>
              ))}
              {hasLimit && (
                <span>
                  <span class="key line-key" /> limit
                </span>
              )}
            </>
          }
          asTable={asTable}
          onAsTable={onAsTable}
          plainTable={() => plainTable(points)}
        />
        {asTable ? (
          <RunTable check={check} points={points} />
        ) : (
          <Plotted
            class="trend-chart"
            words={`${figure} over ${count(points.length)} runs. ${trendInWords(points)} Show as Table lists them.`}
            name={`${check.id.replaceAll('/', '-')}-trend`}
            caption={`${check.table}${check.column === null ? '' : `.${check.column}`} ${check.name}: ${figure} in each run${hasLimit ? ', against its limit (dashed)' : ''}`}
            from={[points, byShare]}
            otherwise={<RunTable check={check} points={points} />}
            draw={async (width) => {
              const { trendChart } = await import('../charts/trend-chart');
              return trendChart(points, { width, byShare, table: check.table });
            }}
          />
        )}
      </div>
    </section>
  );
}

function Choice(props: { readonly word: string; readonly pressed: boolean; onClick(): void }) {
  return (
    <button type="button" aria-pressed={props.pressed} onClick={props.onClick}>
      {props.word}
    </button>
  );
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** Runs of a month are told apart by their day and minute. */
const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

function RunTable({ check, points }: { readonly check: CheckResult; readonly points: readonly TrendPoint[] }) {
  const rates = points.some((point) => passRate(point.check) !== undefined);
  const limits = points.some((point) => limitText(point) !== '');
  return (
    <DataTable
      label="Runs, the newest first"
      columns={[
        { label: 'run' },
        { label: 'status' },
        { label: figureName(points), end: true },
        ...(limits ? [{ label: 'limit', end: true }] : []),
        { label: 'rows', end: true },
        ...(rates ? [{ label: 'rows that pass', end: true }] : []),
        { label: 'data' },
        { label: 'contract' },
        { label: 'run by' },
      ]}
      rows={points.toReversed().map((point) => {
        const { run, check: past } = point;
        const rate = passRate(past);
        return [
          <time key="run" dateTime={run.startedAt} title={ago(run.startedAt, Date.now())}>
            {time.format(Date.parse(run.startedAt))}
          </time>,
          statuses[past.status]?.word ?? past.status,
          past.value === null ? '–' : <span title={full(past.value)}>{figureText(past)}</span>,
          ...(limits ? [limitText(point)] : []),
          past.rows === undefined ? '–' : count(past.rows),
          ...(rates ? [rate === undefined ? '–' : percent(rate)] : []),
          <span key="data" title={dataOf(point, check.table)}>
            {fileName(dataOf(point, check.table))}
          </span>,
          run.contractVersion ?? '–',
          run.by === 'editor' ? 'editor' : 'command line',
        ];
      })}
    />
  );
}

/** `≤ 1 %`, `0 – 5` */
function limitText({ check }: TrendPoint): string {
  const { low, high } = check;
  const text = (value: number) => figureText({ ...check, value });
  if (low !== undefined && high !== undefined) return low === high ? text(low) : `${text(low)} – ${text(high)}`;
  if (high !== undefined) return `up to ${text(high)}`;
  return low === undefined ? '' : `from ${text(low)}`;
}

/** The runs as other programs read them. */
function plainTable(points: readonly TrendPoint[]): readonly (readonly string[])[] {
  const head = ['run', 'status', 'value', 'low', 'high', 'unexpected', 'rows', 'contract version', 'run by'];
  const rows = points.map(({ run, check: { status, value, low, high, unexpected, rows: all } }) => [
    run.startedAt,
    status,
    ...[value, low, high, unexpected, all].map((figure) => plain(figure ?? null)),
    run.contractVersion ?? '',
    run.by,
  ]);
  return [head, ...rows];
}
