import { z } from 'zod';
import { counted } from '../../core/counted.ts';
import { columns } from '../columns.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import { versionsOf } from '../versions.ts';

export const planHistory = command({
  path: ['plan', 'history'],
  summary: 'list the versions of a plan: who pushed them, when and why',
  arguments: [{ name: 'name', about: 'name of the plan' }],
  options: [JSON_OPTION],
  input: z.object({ name: z.string(), json: z.boolean().default(false) }),
  example: 'switchover plan history websphere-cafe',
  run: show,
});

async function show(
  { name, json }: { name: string; json: boolean },
  { server, terminal }: CliContext,
): Promise<number> {
  const versions = await versionsOf(server(), name);
  if (json) terminal.out(JSON.stringify(versions));
  else if (versions.length === 0) terminal.talk(`No plan named ${name} was ever pushed.`);
  else
    terminal.out(
      columns([
        ['Version', 'When', 'Who', 'Text', 'Why'],
        ...versions.map(({ number, at, by, hash, reason, retired, despite }) => [
          String(number),
          at,
          by.name,
          retired === true ? 'retired' : hash.slice(0, 12),
          despite === undefined
            ? reason
            : `${reason} (despite ${counted(despite.length, 'finding')})`,
        ]),
      ]).join('\n'),
    );
  return EXIT.done;
}
