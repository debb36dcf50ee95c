import { ROLES } from '../../src/core/principal.ts';
import { KEYS } from '../stack/socket-stack.ts';
import type { SocketStack } from '../stack/socket-stack.ts';
import type { StartOptions } from './options.ts';

const PLAN = 'websphere-cafe';

/** Where everything is, and what to try first. */
export function welcome(
  stack: SocketStack,
  { speed, auth }: Pick<StartOptions, 'speed' | 'auth'>,
): string {
  const { host, azure } = stack;
  const own = `export SWITCHOVER_URL=${host.address}`;
  const access =
    auth === 'keys' ? `SWITCHOVER_KEY=${KEYS.default}` : 'SWITCHOVER_TOKEN=local:operator';
  const tokens = ROLES.map((role) => `local:${role.toLowerCase()}`).join(', ');
  return `
The stack is up. Its Azure is ${speed === 1 ? 'as slow as the real one' : `${speed} times faster than the real one`}; the café serves from east.

${table(addresses(stack))}

Try it in another terminal:

  ${own} ${access}
  npx switchover plans
  npx switchover failover ${PLAN} --reason "a try" --yes --watch

Or let East US go down, and do nothing. Within two minutes the watch has prepared a failover:

  curl -d '{"region":"eastus","size":"data"}' ${azure.controlUrl}/outages
  npx switchover watch ${PLAN}
  npx switchover executions --state awaiting-approval
${approving(auth)}${changing(auth)}
${auth === 'keys' ? 'A function key has the role Automation.' : `Who may do what: ${tokens}.`}
kill -9 ${host.pid} in the middle of it: the app is started again and goes on.
Ctrl-C ends everything. The next start begins with a new world.`;
}

function approving(auth: StartOptions['auth']): string {
  return auth === 'keys'
    ? '\nA key cannot agree to it: that takes a person, so start without --auth keys.\n'
    : '  SWITCHOVER_TOKEN=local:approver npx switchover execution approve ID --reason "East US is down"\n';
}

function changing(auth: StartOptions['auth']): string {
  return auth === 'keys'
    ? ''
    : `
Change the plan in plans/${PLAN}.yaml, see what that means, and push it:

  npx switchover plan diff plans/${PLAN}.yaml
  SWITCHOVER_TOKEN=local:author npx switchover plan push plans/${PLAN}.yaml --reason "a try"
`;
}

function addresses({ host, azure, azurite, log }: SocketStack): readonly (readonly string[])[] {
  const { settings } = azure;
  const at = (name: string): string => settings[name] ?? '';
  const endpoint = (service: string): string =>
    new RegExp(`${service}Endpoint=([^;]+)`).exec(azurite.connection)?.[1] ?? '';
  return [
    ['the app', `${host.address} (process ${host.pid})`],
    [
      'Resource Manager',
      `${at('AZURE_RESOURCE_MANAGER')} (authority: ${at('NODE_EXTRA_CA_CERTS')})`,
    ],
    ['managed identity', at('IDENTITY_ENDPOINT')],
    [
      'the café',
      `curl -x ${at('SWITCHOVER_PROBE_PROXY')} http://${PLAN}.trafficmanager.net/websphere-cafe/`,
    ],
    ['name servers', at('SWITCHOVER_PUBLIC_RESOLVERS')],
    ["the world's controls", `${azure.controlUrl} (with /state, /journal, /cafe …)`],
    ['tables', endpoint('Table')],
    ['blobs', `${endpoint('Blob')} (process ${azurite.pid})`],
    ['log of the app', log],
  ];
}

function table(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows.map(([name = '', value = '']) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}
