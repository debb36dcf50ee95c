import { instant } from '../../src/core/clock.ts';
import type { Alerts } from './happenings.ts';

const DATABASES =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-data/providers/Microsoft.Sql/servers';

/** The messages of an action group in the common alert schema, as far as the app acts upon them. */
export function alertBodies(
  { rule, site, is, copies, same, ageSeconds }: Alerts,
  now: number,
): readonly Readonly<Record<string, unknown>>[] {
  return Array.from({ length: copies }, (_, index) => ({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        // A resolution bears the id of what was fired.
        alertId: `/alerts/${rule}/${site}/${same ? 0 : index}`,
        alertRule: RULES[rule](site),
        severity: 'Sev1',
        monitorCondition: is,
        alertTargetIDs: [`${DATABASES}/sql-cafe-${site}/databases/cafe`],
        firedDateTime: instant(now - ageSeconds * 1_000),
        ...(is === 'Resolved' ? { resolvedDateTime: instant(now) } : {}),
        description: 'drawn',
      },
    },
  }));
}

/** The public name answers for whichever site serves: its alert concerns both. */
const RULES: Readonly<Record<Alerts['rule'], (site: Alerts['site']) => string>> = {
  'endpoint-alert': (site) =>
    site === 'east' ? 'cafe-primary-endpoint-down' : 'cafe-failover-endpoint-down',
  'public-alert': () => 'cafe-unavailable',
  'sql-alert': () => 'cafe-database-health',
};
