import { inspect } from 'node:util';
import { RestError } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { IDENTITY_HEADER } from '../../local/simulator/identity/service.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { folderSource } from '../../src/plan/folder-source.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import { ask, pass, withStack } from '../support/door.ts';
import { order, prepare, start, untilStill } from '../support/failover.ts';
import type { Subject } from '../support/failover.ts';
import { atEvent } from '../support/moments.ts';
import { COLLECTOR } from '../support/otlp.ts';
import { HOOKS } from '../../local/simulate/receiver.ts';
import { createReceiver } from '../support/receiver.ts';

const KEY = 'canary-of-a-signing-key';
const COLLECTORS_KEY = 'canary-of-the-collectors-key';
/** What must be nowhere: the keys of webhooks, their addresses, tokens (their common beginning), what asks for tokens. */
const CANARIES = {
  'a signing key': KEY,
  'the key of the collector': COLLECTORS_KEY,
  'a signature': 'sha256=',
  'a receiver’s address': 'secret-canary',
  'a receiver’s host': 'receivers.internal',
  'a token for Azure': Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url'),
  'the header that gets tokens': IDENTITY_HEADER,
  'a person’s token': 'Bearer local:',
} as const;

const NOTIFICATIONS = `
notifications:
  - name: on-call
    to: ON_CALL
    on: [awaiting-approval, started, paused, reminded, ended]
`;

function plansIn(folder: string): PlanSource {
  return {
    async list() {
      const files = await folderSource(folder).list();
      return files.map(({ file, text }) => ({ file, text: text + NOTIFICATIONS }));
    },
  };
}

interface Story extends Subject {
  readonly how: string;
  /** What goes wrong on the way. */
  readonly trouble?: (stack: VirtualStack) => void;
  /** How the plan's own webhooks fare. */
  readonly fates?: readonly ('lost-there' | 'lost-back' | 'refused')[];
  readonly notified?: number | 'silent';
}

function refuseOnce(stack: VirtualStack, operation: string, status: number, code: string): void {
  stack.simulator.control.fault({
    operation,
    resource: '',
    kind: 'respond',
    status,
    code,
    times: 1,
  });
}

/** Errors of the network hold the whole request, and with it the token. */
function cutOff(stack: VirtualStack): void {
  atEvent(stack, { type: 'step-done', step: 'database' }, () => {
    stack.network.cut = true;
    void stack.clock.sleep(90_000).then(() => void (stack.network.cut = false));
  });
}

const STORIES: readonly Story[] = [
  { how: 'goes well', plan: 'websphere-cafe', mode: 'planned' },
  {
    how: 'is refused, throttled and cut off',
    plan: 'websphere-cafe',
    mode: 'unplanned',
    notified: 'silent',
    trouble: (stack) => {
      refuseOnce(stack, 'sql/get', 401, 'ExpiredAuthenticationToken');
      refuseOnce(stack, 'network/interface', 403, 'AuthorizationFailed');
      cutOff(stack);
    },
  },
  {
    how: 'is refused for good',
    plan: 'websphere-cafe',
    mode: 'planned',
    notified: 500,
    trouble: ({ simulator }) =>
      simulator.control.deny({ action: 'Microsoft.Network/trafficManagerProfiles/*', scope: '/' }),
  },
  { how: 'asks somebody’s own service', plan: 'webhook', mode: 'planned', notified: 410 },
  {
    how: 'asks a service that breaks off',
    plan: 'webhook',
    mode: 'planned',
    fates: ['lost-there', 'lost-back', 'refused'],
    notified: 503,
  },
];

describe.each(STORIES)('a failover of $plan that $how', (story) => {
  it('leaves no secret anywhere', async () => {
    const { plan, mode, trouble, fates = [], notified = 200 } = story;
    const log: string[] = [];
    const told: string[] = [];
    const collected: string[] = [];
    const receiver = createReceiver(KEY);
    receiver.fates.push(...fates);
    const options = {
      plans: plansIn(plan === 'webhook' ? 'test/fixtures/plans' : 'plans'),
      probes: (simulated: HttpClient) => talkative(receiver.around(simulated)),
      secrets: (name: string) => (name === 'SWITCHOVER_SECRET_HOOKS' ? KEY : null),
      receivers: {
        ON_CALL: (body: string) => (told.push(body), notified),
        COLLECTOR: (body: string) => (collected.push(body), notified),
      },
      settings: { ...COLLECTOR, OTEL_EXPORTER_OTLP_HEADERS: `api-key=${COLLECTORS_KEY}` },
      log: (entry: object) => void log.push(inspect(entry, { depth: Infinity })),
    };
    await withStack(options, async (stack) => {
      await prepare(stack, mode);
      trouble?.(stack);
      const { id, body } = await start(stack, { plan, mode });
      await untilStill(stack, id);
      await order(stack, id, { command: 'cancel', then: 'stay', reason: 'the end of a test' });
      await pass(stack, 3600);
      const left = {
        log,
        told,
        collected,
        started: body,
        tables: stack.tables.snapshot(),
        blobs: stack.blobs.snapshot(),
        answers: await answersAbout(stack, id, plan),
        history: await historyOf(stack, id),
      };
      const text = inspect(left, { depth: Infinity, maxStringLength: null, maxArrayLength: null });

      // Only where there is something to find does it say anything that nothing was found.
      expect(text).toContain(id);
      expect(told.length).toBeGreaterThan(0);
      expect(collected.join()).toContain('resourceSpans');
      if (plan === 'webhook') expect(receiver.asked.length).toBeGreaterThan(0);
      expect(Object.entries(CANARIES).filter(([, canary]) => text.includes(canary))).toEqual([]);
    });
  });
});

/** Errors as HTTP clients make them: they name the address, and hold the request with its headers. */
function talkative(client: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      try {
        return await client.sendRequest(request);
      } catch (error) {
        if (!request.url.startsWith(HOOKS)) throw error;
        const message = `connect ECONNRESET ${request.url}`;
        throw new RestError(message, { code: 'ECONNRESET', request });
      }
    },
  };
}

async function answersAbout(stack: VirtualStack, id: string, plan: string): Promise<unknown> {
  const paths = [
    '/api/plans',
    `/api/plans/${plan}`,
    `/api/plans/${plan}/watch`,
    `/api/plans/${plan}/readiness?fresh=true`,
    '/api/executions',
    `/api/executions/${id}`,
    `/api/executions/${id}/events`,
    `/api/executions/${id}/evidence`,
    '/api/executions/nothing',
    '/api/health',
  ];
  const answers = [];
  for (const path of paths) answers.push(await ask(stack, { path }));
  return answers;
}

/** What Durable Functions keeps: inputs and outcomes of every activity. */
async function historyOf(stack: VirtualStack, id: string): Promise<unknown> {
  const path = `/runtime/webhooks/durabletask/instances/${id}?showHistory=true&showHistoryOutput=true`;
  const answer = await stack.host.fetch({ url: path });
  expect(answer.status).toBe(200);
  return answer.json();
}
