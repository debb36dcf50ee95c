import { json } from './http/exchange.ts';
import type { WebAnswer } from './http/exchange.ts';
import type { OpenCall, Route } from './http/route.ts';

/** For availability tests: anybody may ask, so it tells nothing but up or down. */
export const healthRoutes: readonly Route[] = [
  {
    name: 'health',
    path: 'api/health',
    methods: {
      GET: {
        open: true,
        limit: 'health',
        summary: 'Says whether the app is up',
        answers: '`{status: "up" or "down", version}`; 503 when down',
        handle: showHealth,
      },
    },
  },
];

async function showHealth({ services }: OpenCall): Promise<WebAnswer> {
  const { status, version } = await services.health();
  return json(status === 'up' ? 200 : 503, { status, version });
}
