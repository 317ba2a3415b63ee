import { Icon } from '../../parts/icon';
import { useRoving } from '../../parts/roving';
import type { Mark, Node, NodeKind, Picture } from './model';
import { actionOf, kinds, neighbours } from './words';

interface NodeListProps {
  readonly picture: Picture;
  onChoose(node: Node): void;
}

const order = Object.keys(kinds) as readonly NodeKind[];

/** The same graph as a table, for who would rather read it: each kind with its nodes, what they stand on and lead to. */
export function NodeList({ picture, onChoose }: NodeListProps) {
  const groups = order
    .map((kind) => ({ kind, nodes: picture.nodes.filter((node) => node.kind === kind) }))
    .filter(({ nodes }) => nodes.length > 0);
  const sorted = groups.flatMap(({ nodes }) => nodes);
  const { item } = useRoving(sorted.length);
  return (
    <div class="graph-list data-table">
      <table aria-label="Provenance">
        <thead>
          <tr>
            {['Name', 'What it is', 'Status', 'Stands on', 'Leads to'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(({ kind, nodes }) => (
          <tbody key={kind}>
            <tr class="graph-list-head">
              <th scope="rowgroup" colSpan={5}>
                {kinds[kind].many} <span class="quiet">{nodes.length}</span>
              </th>
            </tr>
            {nodes.map((node) => (
              <Row
                key={node.id}
                node={node}
                picture={picture}
                stop={item(sorted.indexOf(node))}
                onChoose={() => onChoose(node)}
              />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

interface RowProps {
  readonly node: Node;
  readonly picture: Picture;
  readonly stop: ReturnType<ReturnType<typeof useRoving>['item']>;
  onChoose(): void;
}

function Row({ node, picture, stop, onChoose }: RowProps) {
  const { from, to } = neighbours(node.id, picture);
  const action = actionOf(node);
  return (
    <tr class="graph-list-row">
      <th scope="row">
        <button type="button" class="link" title={action} {...stop} onClick={onChoose}>
          {node.title}
        </button>
      </th>
      <td title={node.about}>{node.about}</td>
      <td>{node.mark && <MarkWords {...node.mark} />}</td>
      <td title={from}>{from}</td>
      <td title={to}>{to}</td>
    </tr>
  );
}

const icons = {
  problem: ['warning', 'warning'],
  change: ['circle-filled', 'quiet'],
  busy: ['ellipsis', 'quiet'],
} as const;

function MarkWords({ tone, words }: Mark) {
  const [name, colour] = icons[tone];
  return (
    <span class="graph-list-mark">
      <Icon name={name} tone={colour} /> {words}
    </span>
  );
}
