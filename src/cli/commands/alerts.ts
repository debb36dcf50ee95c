import { z } from 'zod';
import type { AlertSummary } from '../../functions/services.ts';
import { columns } from '../columns.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';

export const alerts = command({
  path: ['alerts'],
  summary: 'list the alerts that came in, newest first, and what followed from them',
  options: [{ flags: '--limit <number>', about: 'at most so many' }, JSON_OPTION],
  input: z.object({ limit: z.string().optional(), json: z.boolean().default(false) }),
  example: 'switchover alerts',
  run: list,
});

async function list(
  { limit, json }: { readonly limit?: string | undefined; readonly json: boolean },
  { server, terminal }: CliContext,
): Promise<number> {
  const query = limit === undefined ? '' : `?${new URLSearchParams({ limit }).toString()}`;
  const { alerts: found } = await server().get<{ alerts: AlertSummary[] }>(`/api/alerts${query}`);
  if (json) terminal.out(JSON.stringify(found));
  else if (found.length === 0)
    terminal.talk(
      'No alert came in. An action group of Azure Monitor sends them to /api/alerts of the app.',
    );
  else terminal.out(columns([HEAD, ...found.map(row)]).join('\n'));
  return EXIT.done;
}

const HEAD = ['Received', 'Rule', 'Severity', 'Says', 'Signals', 'What followed'];

function row(alert: AlertSummary): string[] {
  const { receivedAt, rule, severity, condition, matched } = alert;
  const when = receivedAt.slice(0, 19).replace('T', ' ');
  const signals = matched.map(
    ({ plan, signal, sites }) => `${plan}/${signal} (${sites.join(', ')})`,
  );
  return [when, rule, severity, condition, signals.join('; '), followed(alert)];
}

function followed({ ignored, decided }: AlertSummary): string {
  if (ignored !== undefined) return ignored;
  if (decided.length === 0) return 'It is weighed at the next look.';
  return decided
    .map(({ sentence, did, restraints }) =>
      [sentence, ...restraints, did ?? 'Nothing was done.'].join(' '),
    )
    .join(' ');
}
