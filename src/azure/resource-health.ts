import { z } from 'zod';
import { canonicalId } from '../core/resource-id.ts';
import type { Parts } from './parts.ts';
import { instantOrNull } from './read.ts';
import type { Availability, ResourceAvailability, ResourceHealth } from './signals.ts';
import { understood } from './understood.ts';

const API_VERSION = '2025-05-01';

const STATES: readonly Availability[] = ['Available', 'Unavailable', 'Degraded', 'Unknown'];

/** The id is the resource's with this behind it. */
const SUFFIX = /\/providers\/Microsoft\.ResourceHealth\/availabilityStatuses\/[^/]+$/i;

const status = z.looseObject({
  id: z.string(),
  properties: z.looseObject({
    availabilityState: z.string(),
    reasonType: z.string().nullish(),
    summary: z.string().nullish(),
    // The older spelling is still the one that is seen.
    occuredTime: z.string().nullish(),
    occurredTime: z.string().nullish(),
    reportedTime: z.string().nullish(),
  }),
});

export function createResourceHealth({ arm }: Pick<Parts, 'arm'>): ResourceHealth {
  return {
    async ofSubscription(subscription) {
      const operation = `Read Resource Health of subscription ${subscription}`;
      const path = `/subscriptions/${encodeURIComponent(subscription)}/providers/Microsoft.ResourceHealth/availabilityStatuses?api-version=${API_VERSION}`;
      const found = (await arm.list(operation, path)).map((one) =>
        availabilityOf(understood(status, one, operation)),
      );
      return new Map(found.map((one) => [canonicalId(one.resourceId), one]));
    },
  };
}

function availabilityOf({ id, properties }: z.infer<typeof status>): ResourceAvailability {
  const { availabilityState, reasonType, summary, reportedTime } = properties;
  const said = availabilityState.toLowerCase();
  return {
    resourceId: id.replace(SUFFIX, ''),
    state: STATES.find((state) => state.toLowerCase() === said) ?? 'Unknown',
    reasonType: reasonType ?? '',
    summary: summary ?? '',
    occurredAt: timeOf(properties.occuredTime ?? properties.occurredTime),
    reportedAt: timeOf(reportedTime),
  };
}

function timeOf(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : instantOrNull(new Date(text));
}
