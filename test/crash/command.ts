import { Command } from 'commander';
import { optionsOf } from '../../local/options.ts';
import { runTests } from '../support/run-tests.ts';
import { STORIES, storiesNamed } from './stories.ts';

/** `npm run crash` sweeps every story, `npm run crash -- TEXT` (or CRASH=TEXT) those with TEXT in their names. */
const names = STORIES.map(({ name }) => `  ${name}`).join('\n');
const command = new Command('npm run crash --')
  .description('Kills the host at every boundary of what it writes, and looks how it goes on.')
  .argument('[text]', 'only the stories with this in their names; CRASH=text says the same')
  .addHelpText('after', `\nStories:\n${names}`);
optionsOf(command, process.argv.slice(2));
const [text = process.env['CRASH'] ?? ''] = command.args;
if (storiesNamed(text).length > 0) runTests('test/crash', { CRASH: text });
else {
  console.error(`No story has "${text}" in its name. There are:\n${names}`);
  process.exitCode = 2;
}
