import { z } from 'zod';

/** The parts of host.json that the local host obeys. Others are Azure's alone and are passed over. */
const schema = z.object({
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().optional() }).optional(),
      durableTask: z
        .object({
          defaultVersion: z.string().optional(),
          versionMatchStrategy: z.string().optional(),
          versionFailureStrategy: z.string().optional(),
          overridableExistingInstanceStates: z.string().optional(),
          extendedSessionsEnabled: z.boolean().optional(),
          maxConcurrentActivityFunctions: z.number().int().positive().optional(),
          maxConcurrentOrchestratorFunctions: z.number().int().positive().optional(),
        })
        .optional(),
    })
    .optional(),
});

export interface HostSettings {
  readonly routePrefix: string;
  readonly defaultVersion: string | null;
  readonly maxActivities: number;
  readonly maxOrchestrators: number;
}

/** Reads a parsed host.json; refuses by name what the local host does not do. */
export function hostSettings(hostJson: unknown): HostSettings {
  const { extensions } = schema.parse(hostJson);
  const durable = extensions?.durableTask ?? {};
  refuse('versionMatchStrategy', durable.versionMatchStrategy, 'CurrentOrOlder');
  refuse('versionFailureStrategy', durable.versionFailureStrategy, 'Reject');
  refuse(
    'overridableExistingInstanceStates',
    durable.overridableExistingInstanceStates,
    'NonRunningStates',
  );
  if (durable.extendedSessionsEnabled === true) {
    throw new Error(
      'host.json: extendedSessionsEnabled is refused by the real host for JavaScript, and so here.',
    );
  }
  return {
    routePrefix: extensions?.http?.routePrefix ?? 'api',
    defaultVersion: durable.defaultVersion ?? null,
    maxActivities: durable.maxConcurrentActivityFunctions ?? 10,
    maxOrchestrators: durable.maxConcurrentOrchestratorFunctions ?? 10,
  };
}

function refuse(name: string, value: string | undefined, known: string): void {
  if (value === undefined || value === known) return;
  throw new Error(
    `host.json: the local host does not do durableTask.${name} "${value}", only "${known}".`,
  );
}
