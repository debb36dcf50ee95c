import { spawn } from 'node:child_process';

/** Runs the app under Azure Functions Core Tools, where they are installed: they are no package of the project. */
const child = spawn('func', ['start', ...process.argv.slice(2)], {
  stdio: 'inherit',
  // There it is a .cmd, which only a shell can start.
  shell: process.platform === 'win32',
});
// An interrupt at the terminal is theirs to obey; we end after them.
process.on('SIGINT', () => undefined);
child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
child.once('error', () => {
  console.error(
    'Azure Functions Core Tools (func) are not installed: npm install --global azure-functions-core-tools@4\n' +
      'The same app runs without them, on the local host: npm start',
  );
  process.exit(2);
});
