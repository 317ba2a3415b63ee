import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FromProvenancePage, ProvenanceReport } from '../../../../server/src/protocol';
import { Icon } from '../../parts/icon';
import { Canvas } from './canvas';
import type { Placed } from './layout';
import { MORE, type Node, type NodeKind, type Picture, pictureOf, STEP } from './model';
import { NodeList } from './node-list';
import { KindShape } from './node-shape';
import { kinds } from './words';

interface GraphProps {
  readonly report: ProvenanceReport;
  onMessage(message: FromProvenancePage): void;
}

interface Drawn {
  readonly picture: Picture;
  readonly placed: Placed;
  readonly node: { readonly width: number; readonly height: number };
}

/** Which data, code, environment and runs stand behind which models, as a picture or, for who prefers it, as a list. */
export function Graph({ report, onMessage }: GraphProps) {
  const [most, setMost] = useState(STEP);
  const [open, setOpen] = useState<ReadonlyMap<string, number>>(new Map());
  const [isList, setIsList] = useState(false);
  const [current, setCurrent] = useState<string>();
  const picture = useMemo(() => pictureOf(report, { most, open }), [report, most, open]);
  const { drawn, failed } = useLayout(picture, isList);
  /** Nodes before a person asked for more of them; the first new one then takes the focus. */
  const before = useRef<ReadonlySet<string> | undefined>(undefined);

  const onChoose = (node: Node) => {
    if (node.group === undefined) {
      if (node.message) onMessage(node.message);
      return;
    }
    before.current = new Set(picture.nodes.map(({ id }) => id));
    if (node.group === MORE) setMost(most + STEP);
    else setOpen(new Map([...open, [node.group, (open.get(node.group) ?? 0) + STEP]]));
  };
  const shown = drawn?.picture.nodes ?? [];
  const fresh = before.current && drawn?.picture === picture ? freshAmong(shown, before.current) : undefined;
  useEffect(() => {
    if (fresh === undefined) return;
    before.current = undefined;
    setCurrent(fresh);
  }, [fresh]);
  const stop = fresh ?? (shown.some(({ id }) => id === current) ? current : shown[0]?.id);

  if (picture.nodes.length === 0)
    return <p class="nothing">Nothing is known here yet: no commit, no data, no runs, no models.</p>;
  return (
    <section class="graph" aria-label="Provenance graph">
      <div class="graph-bar">
        <button type="button" class="button" aria-pressed={isList} onClick={() => setIsList(!isList)}>
          <Icon name={isList ? 'type-hierarchy' : 'list-flat'} />
          {isList ? 'Show as Graph' : 'Show as List'}
        </button>
        {(open.size > 0 || most > STEP) && (
          <button
            type="button"
            class="button"
            onClick={() => {
              setOpen(new Map());
              setMost(STEP);
            }}
          >
            <Icon name="collapse-all" />
            Collapse
          </button>
        )}
        <Legend />
      </div>
      {failed && <p class="graph-failed">The picture cannot be drawn here, so this is the list.</p>}
      {isList || failed ? (
        <NodeList picture={picture} onChoose={onChoose} />
      ) : (
        drawn && (
          <Canvas {...drawn} current={stop} focusing={fresh !== undefined} onCurrent={setCurrent} onChoose={onChoose} />
        )
      )}
    </section>
  );
}

/** The first run among them, else the first of all that were not there before. */
function freshAmong(nodes: readonly Node[], before: ReadonlySet<string>): string | undefined {
  const fresh = nodes.filter(({ id }) => !before.has(id));
  return (fresh.find(({ kind }) => kind === 'run') ?? fresh[0])?.id;
}

/** Lays out by a chunk that is loaded at the first picture. */
function useLayout(picture: Picture, isList: boolean): { readonly drawn: Drawn | undefined; readonly failed: boolean } {
  const [drawn, setDrawn] = useState<Drawn>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (isList) return;
    let isCurrent = true;
    import('./layout')
      .then(({ placed, NODE }) => isCurrent && setDrawn({ picture, placed: placed(picture), node: NODE }))
      .catch(() => isCurrent && setFailed(true));
    return () => {
      isCurrent = false;
    };
  }, [picture, isList]);
  return { drawn, failed };
}

const Legend = () => (
  <ul class="graph-legend" aria-label="Legend">
    {(Object.keys(kinds) as readonly NodeKind[]).map((kind) => (
      <li key={kind}>
        <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
          <KindShape kind={kind} />
        </svg>
        {kinds[kind].one}
      </li>
    ))}
  </ul>
);
