import { z } from 'zod';
import { unknownPlan } from '../core/unknown-plan.ts';
import { readQuery } from './http/body.ts';
import { json } from './http/exchange.ts';
import type { WebAnswer } from './http/exchange.ts';
import type { Call, Route } from './http/route.ts';

const filter = z.strictObject({
  plan: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export const drillRoutes: readonly Route[] = [
  {
    name: 'drills',
    path: 'api/drills',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Shows the drill calendar',
        answers:
          '`{calendar: [...], history: [...]}`: every line of every calendar with its last drill, its next window and whether it is overdue',
        query: filter,
        handle: listDrills,
      },
    },
  },
];

async function listDrills({ request, services }: Call): Promise<WebAnswer> {
  const asked = readQuery(request, filter);
  const report = await services.drills.report(asked);
  if (report !== null) return json(200, report);
  throw unknownPlan(asked.plan ?? '');
}
