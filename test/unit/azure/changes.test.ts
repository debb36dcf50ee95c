import type { TokenCredential } from '@azure/core-auth';
import { describe, expect, it } from 'vitest';
import { createBudget } from '../../../src/azure/budget.ts';
import { createArm } from '../../../src/azure/arm.ts';
import { createVirtualClock } from '../../../local/clock/virtual.ts';
import type { AzureError } from '../../../src/azure/errors.ts';
import {
  ENDPOINT,
  errorOf,
  GROUP,
  MACHINE,
  never,
  onScript,
  refusal,
  START,
  SUBSCRIPTION,
  type ScriptedAnswer,
  type Step,
} from './script.ts';

const SERVER = `${GROUP}/providers/Microsoft.Sql/servers/sql-west`;
const VAULT = `${GROUP}/providers/Microsoft.RecoveryServices/vaults/v`;
const ITEM = `${VAULT}/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/i`;
const POLL = `${ENDPOINT}${SUBSCRIPTION}/providers/Microsoft.Compute/locations/eastus/operations/aa-11?p=x&api-version=2026-03-01`;

type Meaning = Partial<
  Pick<
    AzureError,
    'effect' | 'code' | 'transient' | 'status' | 'retryAfterSeconds' | 'correlationId'
  >
>;

describe('what an answer to a change means', () => {
  const cases: readonly [name: string, step: Step, meaning: Meaning][] = [
    [
      'a broken connection',
      { breaks: 'ECONNRESET' },
      { effect: 'lost', code: 'ECONNRESET', status: null },
    ],
    ['a connection that timed out', { breaks: 'ETIMEDOUT' }, { effect: 'lost', code: 'ETIMEDOUT' }],
    ['silence', 'silence', { effect: 'lost', code: 'NoAnswer' }],
    ['a refused connection', { breaks: 'ECONNREFUSED' }, { effect: 'refused', transient: true }],
    ['a name that is not found', { breaks: 'ENOTFOUND' }, { effect: 'refused', transient: true }],
    [
      'a wrong certificate',
      { breaks: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      { effect: 'refused', transient: false },
    ],
    [
      'throttling',
      {
        status: 429,
        headers: { 'retry-after': '17' },
        body: refusal('SubscriptionRequestsThrottled'),
      },
      { effect: 'throttled', transient: true, status: 429, retryAfterSeconds: 17 },
    ],
    [
      "SQL's throttling",
      { status: 429, body: refusal('SubscriptionTooManyCreateUpdateRequests') },
      { effect: 'throttled', retryAfterSeconds: null },
    ],
    [
      'a lock that answers like throttling',
      {
        status: 429,
        headers: { 'retry-after': '10' },
        body: refusal('RetryableErrorDueToAnotherOperation'),
      },
      { effect: 'refused', transient: true, status: 429, retryAfterSeconds: 10 },
    ],
    [
      'a busy failover group',
      {
        status: 409,
        headers: { 'x-ms-correlation-request-id': 'c-1' },
        body: refusal('FailoverGroupBusy'),
      },
      { effect: 'refused', code: 'FailoverGroupBusy', transient: true, correlationId: 'c-1' },
    ],
    [
      "an administrator's lock",
      { status: 409, body: refusal('ScopeLocked') },
      { effect: 'refused', transient: false },
    ],
    [
      'somebody else wrote before',
      { status: 412, body: '' },
      { effect: 'refused', transient: true },
    ],
    [
      'a missing role',
      { status: 403, body: refusal('AuthorizationFailed') },
      { effect: 'refused', transient: false },
    ],
    [
      'a server that is primary already',
      { status: 400, body: refusal('FailoverGroupFailoverRequestOnPrimary') },
      { effect: 'refused', code: 'FailoverGroupFailoverRequestOnPrimary', transient: false },
    ],
    [
      'a missing resource',
      { status: 404, body: refusal('ResourceNotFound') },
      { effect: 'refused', status: 404 },
    ],
    ["a server's own time-out", { status: 408, body: '' }, { effect: 'lost', status: 408 }],
    [
      'a broken server',
      { status: 500, body: refusal('InternalServerError') },
      { effect: 'lost', status: 500 },
    ],
    [
      'a gateway without a server',
      { status: 502, body: '<html>Bad gateway</html>' },
      { effect: 'lost', code: 'Http502' },
    ],
    [
      'an unavailable database',
      { status: 503, body: refusal('DatabaseUnavailable') },
      { effect: 'lost', status: 503 },
    ],
    [
      'a gateway that waited too long',
      { status: 504, body: '' },
      { effect: 'lost', code: 'Http504' },
    ],
    [
      'a page instead of an answer',
      { status: 200, body: '<html>Sign in</html>' },
      { effect: 'lost', code: 'UnreadableAnswer' },
    ],
    [
      'an answer that is cut short',
      { status: 202, body: '{"operation":"Fail' },
      { effect: 'lost', code: 'UnreadableAnswer' },
    ],
    [
      'a redirect, which is not followed',
      { status: 307, headers: { location: `${ENDPOINT}/elsewhere` }, body: '' },
      { effect: 'lost', status: 307 },
    ],
  ];
  it.each(cases)('%s', (_name, step, meaning) =>
    onScript([step], async ({ azure, sent }) => {
      const error = await errorOf(azure.sql.failover(SERVER, 'fg', never));
      expect(error).toMatchObject(meaning);
      expect(error.message).toMatch(
        /^Fail over to servers\/sql-west\/failoverGroups\/fg in cafe: /,
      );
      expect(sent).toHaveLength(1);
    })(),
  );

  it('says who must do what about a missing role', () =>
    onScript(
      [{ status: 403, body: refusal('AuthorizationFailed', 'The client has no right.') }],
      async ({ azure }) => {
        const { message } = await errorOf(azure.machines.start(MACHINE, never));
        expect(message).toBe(
          "Start virtualMachines/ihs in cafe: answered 403 AuthorizationFailed: The client has no right. Give the app's identity the role that this action needs, at this scope.",
        );
      },
    )());

  it('waits half a minute for an answer, by the injected clock', () =>
    onScript(['silence'], async ({ azure, clock }) => {
      await errorOf(azure.machines.start(MACHINE, never));
      expect(clock.now() - START).toBe(30_000);
    })());

  it('gives up at once when its caller does', () =>
    onScript(['silence'], async ({ azure, clock }) => {
      const caller = new AbortController();
      clock.setTimer(START + 3000, () => caller.abort());
      const error = await errorOf(azure.machines.start(MACHINE, caller.signal));
      expect(error).toMatchObject({ effect: 'lost', code: 'AbortError' });
      expect(clock.now() - START).toBe(3000);
    })());
});

describe('a change that never left', () => {
  it('without a token: nothing is sent, and it may be tried again', () => {
    const credential: TokenCredential = {
      getToken: () =>
        Promise.reject(
          Object.assign(new Error('no identity'), { name: 'CredentialUnavailableError' }),
        ),
    };
    return onScript(
      [],
      async ({ azure, sent }) => {
        const error = await errorOf(azure.machines.start(MACHINE, never));
        expect(error).toMatchObject({
          effect: 'refused',
          transient: true,
          code: 'CredentialUnavailableError',
        });
        expect(sent).toEqual([]);
      },
      { credential },
    )();
  });

  it('its token comes after it was given up: it does not leave after all', () => {
    const late = Promise.withResolvers<{ token: string; expiresOnTimestamp: number }>();
    return onScript(
      [{ status: 202 }],
      async ({ azure, sent, clock }) => {
        const error = await errorOf(azure.machines.start(MACHINE, never));
        expect(error).toMatchObject({ effect: 'refused', transient: true, code: 'NoAnswer' });
        late.resolve({ token: 'late', expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
        await clock.sleep(1000);
        expect(sent).toEqual([]);
      },
      { credential: { getToken: () => late.promise } },
    )();
  });

  it('its caller had already given up', () =>
    onScript([{ status: 202 }], async ({ azure, sent }) => {
      const error = await errorOf(azure.machines.start(MACHINE, AbortSignal.abort()));
      expect(error).toMatchObject({ effect: 'refused', transient: true });
      expect(sent).toEqual([]);
    })());

  it.each([
    '',
    '/subscriptions/s',
    `${MACHINE}/../../secrets`,
    `${GROUP}/providers/Microsoft.Compute/virtualMachines`,
  ])('its resource is "%s"', (id) =>
    onScript([], async ({ azure }) => {
      expect(await errorOf(azure.machines.start(id, never))).toMatchObject({
        effect: 'refused',
        code: 'InvalidResourceId',
      });
    })(),
  );
});

describe('an accepted change', () => {
  const compute: ScriptedAnswer = {
    status: 202,
    headers: {
      'azure-asyncoperation': POLL,
      location: `${POLL}&monitor=true`,
      'x-ms-correlation-request-id': 'corr-1',
      'x-ms-request-id': 'req-1',
    },
  };

  it('is one POST with a token, and comes back as an operation that survives a restart', () =>
    onScript([compute], async ({ azure, sent }) => {
      expect(await azure.machines.deallocate(MACHINE, never)).toEqual({
        status: 202,
        correlationId: 'corr-1',
        operation: {
          name: 'aa-11',
          pollUrl: POLL,
          location: `${POLL}&monitor=true`,
          startedAt: '2026-11-21T10:00:00.000Z',
          correlationId: 'corr-1',
        },
      });
      expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
        `POST ${ENDPOINT}${MACHINE}/deallocate?api-version=2026-03-01`,
      ]);
      expect(sent[0]?.headers.get('authorization')).toBe('Bearer token');
      expect(sent[0]?.headers.get('user-agent')).toMatch(/^switchover /);
    })());

  it('of Site Recovery knows its job, which the request id names', () => {
    const job = `${VAULT}/replicationJobs/0f-22`;
    const answer: ScriptedAnswer = {
      status: 202,
      headers: {
        'azure-asyncoperation': `${ENDPOINT}${VAULT}/replicationOperationStatus/0f-22?api-version=2023-06-01&s=sig`,
        // Sent twice by the service; Node joins what is sent twice.
        'x-ms-request-id': `${job}, ${job}`,
      },
    };
    return onScript([answer], async ({ azure }) => {
      const { operation } = await azure.siteRecovery.commitItem(ITEM, never);
      expect(operation).toMatchObject({ name: '0f-22', handle: { jobId: job } });
    })();
  });

  const shapes: readonly [string, ScriptedAnswer, object | undefined][] = [
    ['done at once', { status: 200, body: { id: 'x' } }, undefined],
    ['done at once, without a body', { status: 204 }, undefined],
    [
      'created: its Location is the resource',
      { status: 201, headers: { location: POLL }, body: {} },
      undefined,
    ],
    [
      'Location alone',
      { status: 202, headers: { location: POLL } },
      { name: 'aa-11', location: POLL },
    ],
    [
      'Operation-Location',
      { status: 202, headers: { 'operation-location': POLL } },
      { name: 'aa-11', pollUrl: POLL },
    ],
    [
      'an operation, and a body that is cut short',
      { ...compute, body: '{"oper' },
      { name: 'aa-11', pollUrl: POLL },
    ],
  ];
  it.each(shapes)('%s', (_name, answer, operation) =>
    onScript([answer], async ({ azure }) => {
      const accepted = await azure.machines.start(MACHINE, never);
      expect(accepted.status).toBe(answer.status);
      if (operation === undefined) expect(accepted.operation).toBeUndefined();
      else expect(accepted.operation).toMatchObject(operation);
    })(),
  );
});

describe('changes and the budget of reads', () => {
  it('a change goes at once while reads are held back', async () => {
    const clock = createVirtualClock({ start: START });
    const budget = createBudget(clock);
    const held: string[] = [];
    const arm = createArm({
      connection: {
        endpoint: ENDPOINT,
        scope: 'scope',
        credential: {
          getToken: () =>
            Promise.resolve({ token: 't', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
        },
      },
      http: { sendRequest: () => Promise.reject(new Error('unused')) },
      reader: { sendRequest: () => Promise.reject(new Error('unused')) },
      read: (_operation, ask) => ask(),
      clock,
      budget: { ...budget, turn: (request) => Promise.resolve(void held.push(request.url)) },
    });
    await clock.run(async () => {
      await errorOf(arm.change('Start', { method: 'POST', path: `${MACHINE}/start` }, never));
      await errorOf(arm.look('Poll', POLL));
    });
    expect(held).toEqual([POLL]);
  });
});
