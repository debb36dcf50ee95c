#!/usr/bin/env node
// The command line, which is built: whoever comes before that is told so, and not of a module that is not there.
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli/switchover.js', import.meta.url);
if (existsSync(built)) await import(built.href);
else {
  console.error('error: The command line is not built yet. Build it: npm run build');
  process.exitCode = 2;
}
