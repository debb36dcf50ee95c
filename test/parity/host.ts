import { spawn } from 'node:child_process';
import { Command, Option } from 'commander';
import { obstacle } from './obstacle.ts';
import { ROLES, namedTarget } from './target.ts';

/** `npm run test:host`: the suite of parity against a host that runs the app already. */
const command = new Command('npm run test:host --')
  .description(
    'Asks a running host of the app what the local host is asked in npm test. It moves the plan’s application once: use an app on a simulated Azure, at home.',
  )
  .addOption(
    new Option('--base-url <url>', 'the address of the host')
      .env('PARITY_BASE_URL')
      .makeOptionMandatory(),
  )
  .addOption(
    new Option('--simulator <url>', 'where the control API of the simulated Azure is').env(
      'PARITY_SIMULATOR',
    ),
  )
  .addOption(
    new Option('--plan <name>', 'the plan that is moved')
      .env('PARITY_PLAN')
      .default('websphere-cafe'),
  )
  .addOption(new Option('--key <key>', 'a function key, where AUTH=keys').env('PARITY_KEY'));
for (const role of ROLES) {
  command.addOption(
    new Option(`--token-${role} <token>`, `a bearer token with the role ${role}`).env(
      `PARITY_TOKEN_${role.toUpperCase()}`,
    ),
  );
}
command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2)).parse();

const settings: NodeJS.ProcessEnv = Object.fromEntries(
  command.options.flatMap((option) => {
    const value: unknown = command.getOptionValue(option.attributeName());
    return typeof value === 'string' ? [[option.envVar ?? '', value] as const] : [];
  }),
);
const environment = { ...process.env, ...settings };
const inTheWay = await obstacle(namedTarget(settings['PARITY_BASE_URL'] ?? '', environment));
if (inTheWay !== null) {
  console.error(inTheWay);
  process.exit(2);
}
const child = spawn('vitest', ['run', 'test/parity/parity.test.ts'], {
  stdio: 'inherit',
  // There it is a .cmd, which only a shell can start.
  shell: process.platform === 'win32',
  env: environment,
});
child.once('exit', (code) => process.exit(code ?? 1));
