import { dirname, join, resolve } from 'node:path';
import type { World } from '../../world';

/** What DVC's configuration says of the places of content. Passwords and keys in it are never read. */
export interface Settings {
  /** Absolute folder. */
  readonly cache: string;
  readonly remotes: readonly Remote[];
  /** Name of the remote that `dvc pull` uses. */
  readonly remote: string | undefined;
}

export interface Remote {
  readonly name: string;
  /** Absolute; undefined for a remote that is no folder of this machine. */
  readonly folder: string | undefined;
}

/** The configuration of a project: the machine's, then the person's, then the project's, then its local one, the last wins. */
export async function settingsOf(project: string, world: World): Promise<Settings> {
  const config = new Map<string, Setting>();
  for (const file of filesOf(project, world)) {
    if ((await world.stat(file).catch(() => undefined))?.kind !== 'file') continue;
    const text = await world.readText(file).catch(() => '');
    for (const [key, value] of settingsIn(text)) config.set(key, { value, folder: dirname(file) });
  }
  const place = (key: string): string | undefined => placeOf(config.get(key), config, world);
  return {
    cache: place('cache.dir') ?? join(project, '.dvc', 'cache'),
    remotes: [...config.keys()].flatMap((key) => {
      const name = /^remote\.(.*)\.url$/s.exec(key)?.[1];
      return name === undefined ? [] : [{ name, folder: place(key) }];
    }),
    remote: config.get('core.remote')?.value,
  };
}

interface Setting {
  readonly value: string;
  /** Where relative paths start: the folder of the file that says so. */
  readonly folder: string;
}

/** The places of every platform, since those of the others are not there: platformdirs with the names `dvc` and `iterative`. */
function filesOf(project: string, { variable, places: { home } }: World): readonly string[] {
  const below = (folder: string | undefined, ...names: string[]): readonly string[] =>
    folder === undefined ? [] : [join(folder, ...names)];
  const machine = variable('DVC_SYSTEM_CONFIG_DIR');
  const person = variable('DVC_GLOBAL_CONFIG_DIR');
  return [
    ...(machine === undefined
      ? [
          join(variable('XDG_CONFIG_DIRS')?.split(':')[0] ?? '/etc/xdg', 'dvc', 'config'),
          '/Library/Application Support/dvc/config',
          ...below(variable('PROGRAMDATA'), 'iterative', 'dvc', 'config'),
        ]
      : [join(machine, 'config')]),
    ...(person === undefined
      ? [
          join(variable('XDG_CONFIG_HOME') ?? join(home, '.config'), 'dvc', 'config'),
          join(home, 'Library', 'Application Support', 'dvc', 'config'),
          ...below(variable('LOCALAPPDATA'), 'iterative', 'dvc', 'config'),
        ]
      : [join(person, 'config')]),
    join(project, '.dvc', 'config'),
    join(project, '.dvc', 'config.local'),
  ];
}

/** Nothing else of a configuration is kept, so that no secret can be told. */
const wanted = /^(core\.remote|cache\.dir|remote\..*\.url)$/s;

/** `section.key` of an INI file as DVC writes it; the section `['remote "NAME"']` is `remote.NAME`. */
function settingsIn(text: string): readonly (readonly [string, string])[] {
  let section = '';
  return text.split(/\r?\n/).flatMap((line) => {
    const name = /^\s*\[\s*(.+?)\s*\]\s*(?:#.*)?$/.exec(line)?.[1];
    if (name !== undefined) {
      section = name.replace(/['"]/g, '').replace(/\s+/, '.');
      return [];
    }
    const [, key, value = ''] = /^\s*([\w.-]+)\s*=\s*("[^"]*"|'[^']*'|[^#]*?)\s*(?:#.*)?$/.exec(line) ?? [];
    const full = `${section}.${key}`;
    return key && wanted.test(full) ? [[full, value.replace(/^(['"])(.*)\1$/, '$2')] as const] : [];
  });
}

/** Two letters or more before the colon: a drive of Windows has one. */
const address = /^[a-z][a-z0-9+.-]+:\/\//i;

/** `remote://NAME/path` starts at another remote. */
function placeOf(
  setting: Setting | undefined,
  config: ReadonlyMap<string, Setting>,
  world: World,
  depth = 0,
): string | undefined {
  if (!setting || depth > 8) return undefined;
  const { value, folder } = setting;
  const [, other, below = ''] = /^remote:\/\/([^/]+)\/?(.*)$/s.exec(value) ?? [];
  if (other !== undefined) {
    const start = placeOf(config.get(`remote.${other}.url`), config, world, depth + 1);
    return start === undefined ? undefined : join(start, below);
  }
  if (address.test(value)) return undefined;
  return resolve(
    folder,
    value.replace(/^~(?=$|[\\/])/, () => world.places.home),
  );
}
