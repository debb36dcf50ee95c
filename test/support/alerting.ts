import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { AlertSummary } from '../../src/functions/services.ts';
import { commonAlert } from '../fixtures/alerts.ts';
import { ask } from './door.ts';
import type { Line } from './scenario-file.ts';
import { plain } from './timeline.ts';

const DATABASES =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-data/providers/Microsoft.Sql/servers';

/** As action groups do it: each alert by itself, all of them at once; each is to be taken. */
export async function alertsCome(
  stack: VirtualStack,
  { alert: { about, is }, times }: Extract<Line, { alert: unknown }>,
): Promise<void> {
  const firedDateTime = new Date(stack.clock.now()).toISOString();
  const answers = await Promise.all(
    Array.from({ length: times }, (_, index) =>
      ask(stack, {
        path: '/api/alerts',
        as: 'automation',
        body: commonAlert({
          alertId: `/alerts/${about}-${index}`,
          alertRule: 'cafe-database-health',
          alertTargetIDs: [`${DATABASES}/sql-cafe-${about}/databases/cafe`],
          monitorCondition: is,
          firedDateTime,
        }),
      }),
    ),
  );
  const refused = answers.find(({ status }) => status !== 202);
  if (refused !== undefined) throw new Error(`An alert was answered with ${refused.status}.`);
}

/** What became of them, oldest first; what is the same of many is told once. */
export async function alertsTold(stack: VirtualStack): Promise<string> {
  const { body } = await ask(stack, { path: '/api/alerts?limit=500' });
  const { alerts } = body as unknown as { alerts: AlertSummary[] };
  const lines = alerts.toReversed().map(({ rule, condition, matched, ignored, decided }) => {
    const sites = matched.flatMap((one) => one.sites.map((site) => `${one.signal} at ${site}`));
    const then = decided.map(({ sentence, did, restraints }) =>
      [sentence, ...restraints, did ?? 'Nothing was done.'].join(' '),
    );
    const words = [...sites, ...(ignored === undefined ? [] : [ignored]), ...then].join('; ');
    return plain(`${rule} ${condition}: ${words}`);
  });
  return [
    'What became of the alerts:',
    ...[...new Set(lines)].map((line) => `    ${line}`),
    '',
  ].join('\n');
}
