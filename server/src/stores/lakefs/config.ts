import { join } from 'node:path';
import { get, wordOf } from '../../text/tree';
import { parseYaml } from '../../text/yaml';
import type { World } from '../../world';
import { LakefsProblem } from './codes';

/** A lakeFS server that the person named, with what it is asked with. */
export interface Connection {
  /** Ends in `/api/v1`; without user and password. */
  readonly endpoint: string;
  /** Behind a function, so that nothing that writes this value down writes the secret. */
  headers(): Readonly<Record<string, string>>;
}

/** Names in lakectl's file, with the variable that wins over each. */
const settings = {
  key: [['credentials', 'access_key_id'], 'LAKECTL_CREDENTIALS_ACCESS_KEY_ID'],
  secret: [['credentials', 'secret_access_key'], 'LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY'],
  endpoint: [['server', 'endpoint_url'], 'LAKECTL_SERVER_ENDPOINT_URL'],
} as const;

/** As lakectl is configured: by the environment, else by `~/.lakectl.yaml`. Rejects with `LakefsProblem` where it is not. */
export async function connectionOf(world: World): Promise<Connection> {
  const file = join(world.places.home, '.lakectl.yaml');
  const root = parseYaml(await textOf(file, world)).root;
  const settingOf = ([[section, name], variable]: (typeof settings)[keyof typeof settings]): string | undefined =>
    world.variable(variable) ?? (wordOf(get(get(root, section), name)) || undefined);
  const named = settingOf(settings.endpoint);
  const [key, secret] = [settingOf(settings.key), settingOf(settings.secret)];
  const lacking = [
    ...(named === undefined ? ['the address of the server (LAKECTL_SERVER_ENDPOINT_URL)'] : []),
    ...(key === undefined ? ['the access key (LAKECTL_CREDENTIALS_ACCESS_KEY_ID)'] : []),
    ...(secret === undefined ? ['its secret (LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY)'] : []),
  ];
  if (named === undefined || key === undefined || secret === undefined)
    throw new LakefsProblem(
      'lakefs/not-configured',
      `lakeFS is not set up here: ${lacking.join(' and ')} is not known. Run \`lakectl config\`, or set the environment.`,
      file,
    );
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
  return { endpoint: endpointOf(named, file), headers: () => ({ authorization }) };
}

async function textOf(file: string, world: World): Promise<string> {
  if ((await world.stat(file).catch(() => undefined))?.kind !== 'file') return '';
  return world.readText(file).catch((error: Error) => {
    throw new LakefsProblem('lakefs/unreadable', error.message, file);
  });
}

/** What is wrong with an address is told without the address, which may hold a password. */
function endpointOf(named: string, file: string): string {
  const url = URL.canParse(named) ? new URL(named) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new LakefsProblem(
      'lakefs/unreadable',
      'The address of the lakeFS server in the configuration of lakectl is no address. Write it as https://lakefs.example.com.',
      file,
    );
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
  return `${url.origin}${path}/api/v1`;
}
