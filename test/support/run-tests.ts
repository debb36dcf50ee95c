import { spawn } from 'node:child_process';

/** Runs these tests as a tool's own work. An interrupt at the terminal reaches them, too; what ends us is handed on. */
export function runTests(folder: string, environment: Readonly<Record<string, string>>): void {
  const child = spawn('vitest', ['run', folder], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => (process.exitCode = code ?? 1));
}
