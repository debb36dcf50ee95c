import { z } from 'zod';
import { unknownPlan } from '../core/unknown-plan.ts';
import { readJson } from './http/body.ts';
import { json } from './http/exchange.ts';
import type { WebAnswer } from './http/exchange.ts';
import { reason } from './http/reason.ts';
import { parameter } from './http/route.ts';
import type { Call, Route } from './http/route.ts';

const holdRequest = z.strictObject({ lift: z.boolean().default(false), reason });
/** There is nothing else to do to a cool-down, but nobody should lift one by an empty request. */
const cooldownRequest = z.strictObject({ lift: z.literal(true), reason });

export const watchRoutes: readonly Route[] = [
  {
    name: 'plan-watch',
    path: 'api/plans/{name}/watch',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Says what the watch sees of a plan',
        answers: 'verdict, signals, what withholds a start, the latest explanations',
        handle: showWatch,
      },
    },
  },
  {
    name: 'plan-cooldown',
    path: 'api/plans/{name}/cooldown',
    methods: {
      POST: {
        deed: 'lift a cool-down',
        summary: "Lifts a plan's cool-down",
        answers: 'the same as the watch',
        body: cooldownRequest,
        handle: liftCooldown,
      },
    },
  },
  {
    name: 'hold',
    path: 'api/hold',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Says whether everything is held',
        answers: '`{hold, history}`: who keeps everything from starting by itself, and who did',
        handle: showHold,
      },
      POST: {
        deed: 'hold',
        summary: 'Holds everything, or lifts that',
        answers: '`{hold, history}`',
        body: holdRequest,
        handle: setHold,
      },
    },
  },
];

async function showWatch({ request, services }: Call): Promise<WebAnswer> {
  const plan = parameter(request, 'name');
  return json(200, known(await services.watching.report(plan), plan));
}

async function liftCooldown({ request, services, by }: Call): Promise<WebAnswer> {
  const plan = parameter(request, 'name');
  const { reason } = await readJson(request, cooldownRequest);
  return json(200, known(await services.watching.liftCooldown({ plan, reason, by }), plan));
}

async function showHold({ services }: Call): Promise<WebAnswer> {
  return json(200, await services.watching.hold());
}

async function setHold({ request, services, by }: Call): Promise<WebAnswer> {
  const order = await readJson(request, holdRequest);
  return json(200, await services.watching.setHold({ ...order, by }));
}

function known<T>(found: T | null, plan: string): T {
  if (found !== null) return found;
  throw unknownPlan(plan);
}
