import { z } from 'zod';
import { SwitchoverError } from '../core/errors.ts';
import { DRILL_LEVELS } from '../core/execution.ts';
import { unknownPlan } from '../core/unknown-plan.ts';
import { readJson, readQuery } from './http/body.ts';
import { json } from './http/exchange.ts';
import type { WebAnswer, WebRequest } from './http/exchange.ts';
import { reason } from './http/reason.ts';
import { parameter } from './http/route.ts';
import type { Call, Route } from './http/route.ts';
import { pushing, retiring, versionRoutes } from './plan-versions.ts';

const startRequest = z.strictObject({
  kind: z.enum(['failover', 'failback', 'drill']),
  mode: z.enum(['planned', 'unplanned']).default('planned'),
  level: z.enum(DRILL_LEVELS).optional(),
  to: z.string().min(1).max(100).optional(),
  reason,
});

const freshness = z.strictObject({ fresh: z.enum(['true', 'false']).exactOptional() });

/** A client that got a 202 sees the first step no sooner than this. */
const RETRY_SECONDS = '2';

export const planRoutes: readonly Route[] = [
  {
    name: 'plans',
    path: 'api/plans',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Lists the plans',
        answers:
          '`{plans: [...]}`: name, sites, which one serves now, the execution that runs, what is wrong with the file',
        handle: listPlans,
      },
    },
  },
  {
    name: 'plan',
    path: 'api/plans/{name}',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Shows a plan',
        answers:
          'one plan: stages and steps with a sentence each, time budget, findings of the linter',
        handle: showPlan,
      },
      PUT: pushing,
      DELETE: retiring,
    },
  },
  ...versionRoutes,
  {
    name: 'plan-readiness',
    path: 'api/plans/{name}/readiness',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Says whether a plan could be run',
        answers:
          'every finding of the latest check, with how to mend it; `fresh=true` checks now, which takes up to half a minute',
        query: freshness,
        handle: showReadiness,
      },
    },
  },
  {
    name: 'plan-permissions',
    path: 'api/plans/{name}/permissions',
    methods: {
      GET: {
        deed: 'read',
        summary: "Says what the app's identities must be allowed to do for a plan",
        answers:
          '`{plan, roles: [...], byHand: [...]}`: custom roles with their actions, which identity has them and at which scopes; what has to be granted besides',
        handle: showPermissions,
      },
    },
  },
  {
    name: 'plan-executions',
    path: 'api/plans/{name}/executions',
    durable: true,
    methods: {
      POST: {
        deed: 'start',
        summary: 'Starts an execution',
        answers: '`{id, repeated, plan, self}`, and `Location`',
        status: 202,
        body: startRequest,
        headers: {
          'Idempotency-Key':
            'Remembered for a day: the same key with the same request starts nothing new.',
        },
        handle: startExecution,
      },
    },
  },
];

async function listPlans({ services }: Call): Promise<WebAnswer> {
  return json(200, { plans: await services.plans.list() });
}

async function showPlan({ request, services }: Call): Promise<WebAnswer> {
  const name = parameter(request, 'name');
  return json(200, known(name, await services.plans.get(name)));
}

async function showPermissions({ request, services }: Call): Promise<WebAnswer> {
  const name = parameter(request, 'name');
  return json(200, known(name, await services.plans.roles(name)));
}

function known<T>(name: string, found: T | null): T {
  if (found !== null) return found;
  throw unknownPlan(name);
}

async function showReadiness({ request, services }: Call): Promise<WebAnswer> {
  const fresh = readQuery(request, freshness).fresh === 'true';
  return json(200, await services.readiness(parameter(request, 'name'), { fresh }));
}

async function startExecution({ request, services, by, door }: Call): Promise<WebAnswer> {
  const plan = parameter(request, 'name');
  const idempotencyKey = idempotencyKeyOf(request);
  const { kind, mode, level, to, reason } = await readJson(request, startRequest);
  if ((kind === 'drill') !== (level !== undefined)) {
    throw new SwitchoverError(
      'REQUEST_INVALID',
      level === undefined
        ? `body.level: a drill has one, ${DRILL_LEVELS.join(', ')}.`
        : `body.level: only a drill has one, not a ${kind}.`,
    );
  }
  const started = await services.executions.start(
    { plan, request: { kind, mode, level, to, reason }, by, idempotencyKey },
    door(),
  );
  const self = `/api/executions/${encodeURIComponent(started.id)}`;
  return json(202, { ...started, plan, self }, { location: self, 'retry-after': RETRY_SECONDS });
}

function idempotencyKeyOf(request: WebRequest): string | null {
  const key = request.headers.get('idempotency-key');
  if (key === null || /^[\x21-\x7e]{1,128}$/.test(key)) return key;
  throw new SwitchoverError(
    'REQUEST_INVALID',
    'idempotency-key: 1 to 128 visible ASCII characters without spaces, for example a UUID.',
  );
}
