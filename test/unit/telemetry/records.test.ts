import { RestError, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../src/core/notice.ts';
import { createAlerts } from '../../../src/records/alerts.ts';
import type { AlertRecord } from '../../../src/records/alerts.ts';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';
import { createOutbox } from '../../../src/records/outbox.ts';
import type { Message } from '../../../src/records/outbox.ts';
import { createReadinessRecords } from '../../../src/records/readiness.ts';
import type { Readiness } from '../../../src/records/readiness.ts';
import { toldRequests } from '../../../src/telemetry/azure-requests.ts';
import { toldAlerts, toldOutbox, toldReadiness } from '../../../src/telemetry/records.ts';
import { kept } from '../../support/telling.ts';

const AT = '2026-11-21T10:00:00.000Z';

describe('an alert', () => {
  it('is told of once for what it is, and as repeated after that', async () => {
    const telemetry = kept();
    const alerts = toldAlerts(createAlerts(createMemoryTables()), telemetry);
    const alert = { id: 'a-1', condition: 'Fired', severity: 'Sev1', receivedAt: AT };
    await alerts.record(alert as AlertRecord);
    await alerts.record(alert as AlertRecord);
    await alerts.record({ ...alert, id: 'a-2', ignored: 'no plan' } as AlertRecord);
    expect(telemetry.metrics).toEqual(
      ['weighed', 'repeated', 'ignored'].map((result) => [
        ...['switchover.alert.received', 1, 'Fired', 'Sev1'],
        result,
      ]),
    );
    expect(await alerts.recent(10)).toHaveLength(2);
  });
});

describe('a notice', () => {
  it('is told of when it is closed, without its receiver', async () => {
    const telemetry = kept();
    const outbox = toldOutbox(createOutbox(createMemoryTables()), telemetry);
    const notice: Notice = { plan: 'cafe', what: 'paused', severity: 'critical', sentence: '' };
    const message: Message = {
      id: 'm-1',
      notification: 'on-call',
      to: 'ON_CALL',
      format: 'plain',
      notice: { ...notice, at: AT },
      dueAt: AT,
      attempts: 1,
    };
    await outbox.put(message);
    await outbox.close(message, { outcome: 'failed', attempts: 10, at: AT });
    expect(telemetry.metrics).toEqual([['switchover.notice.closed', 1, 'paused', 'failed']]);
    expect(await outbox.due(AT, 10)).toEqual([]);
  });
});

describe('readiness', () => {
  it('is told by how bad its findings are, also that there are none any more', async () => {
    const telemetry = kept();
    const records = toldReadiness(createReadinessRecords(createMemoryTables()), telemetry);
    const findings = (...severities: string[]): Readiness =>
      ({ plan: 'cafe', findings: severities.map((severity) => ({ severity })) }) as never;
    await records.put(findings('critical', 'warning', 'warning'));
    await records.put(findings());
    expect(telemetry.metrics.map((one) => (one as unknown[])[1])).toEqual([1, 2, 0, 0, 0, 0]);
    expect(await records.of('cafe')).toEqual(findings());
  });
});

describe('a request to Azure', () => {
  const VAULT =
    'https://management.azure.com/subscriptions/s/providers/Microsoft.RecoveryServices/vaults/v/providers/Microsoft.SiteRecovery/jobs/1?api-version=1';
  const answering = (status: number): HttpClient => ({
    sendRequest: async (request) => ({ request, status, headers: createHttpHeaders() }),
  });
  const failing: HttpClient = {
    sendRequest: (request) =>
      Promise.reject(new RestError(`connect ${VAULT}`, { code: 'ECONNRESET', request })),
  };

  it.each<[string, HttpClient, unknown, unknown]>([
    ['answered', answering(200), 200, null],
    ['throttled', answering(429), 429, '429'],
    ['cut off', failing, null, 'ECONNRESET'],
  ])('that is %s is told by service and status', async (_, http, status, error) => {
    const telemetry = kept();
    let now = 0;
    const clock = { now: () => (now += 250), sleep: () => Promise.resolve() };
    const request = createPipelineRequest({ url: VAULT });
    const client = toldRequests(http, telemetry, clock);
    const answer = await client.sendRequest(request).catch((failure: unknown) => failure);
    expect(answer instanceof Error).toBe(status === null);
    const where = ['GET', 'management.azure.com', 'Microsoft.SiteRecovery'];
    expect(telemetry.metrics).toEqual([
      ['http.client.request.duration', 0.25, ...where, status, error],
    ]);
  });
});
