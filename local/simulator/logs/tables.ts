import { sameResource } from '../../../src/core/resource-id.ts';
import type { CafeHit } from '../cafe/cafe.ts';
import type { MonitoringSeed } from '../monitoring/seed.ts';
import type { WebTestRun } from '../monitoring/web-tests.ts';
import type { World } from '../service.ts';
import type { Columns, Row } from './kql-expression.ts';
import type { Table } from './kql.ts';

export interface LogTables {
  request(hit: CafeHit): void;
  availability(run: WebTestRun): void;
  /** What can be read by now, of the last so many milliseconds. */
  read(spanMs: number): ReadonlyMap<string, Table>;
}

/** Until a row can be queried: documented as two to five minutes, most of it faster. */
const INGESTION_SECONDS = 120;
const KEPT_MS = 2 * 3_600_000;

const REQUESTS: Columns = new Map([
  ['TimeGenerated', 'datetime'],
  ['Name', 'string'],
  ['Url', 'string'],
  ['ResultCode', 'string'],
  ['Success', 'bool'],
  ['DurationMs', 'real'],
  ['AppRoleName', 'string'],
]);

const RESULTS: Columns = new Map([
  ['TimeGenerated', 'datetime'],
  ['Name', 'string'],
  ['Location', 'string'],
  ['Success', 'bool'],
  ['Message', 'string'],
]);

/** What the café's web servers and the web tests write, in the tables of workspace-based Application Insights. */
export function createLogTables(world: World, { components }: MonitoringSeed): LogTables {
  const requests: Row[] = [];
  const results: Row[] = [];
  const write = (rows: Row[], row: Row): void => {
    const at = world.clock.now();
    rows.push({ TimeGenerated: at, ...row });
    while (Number(rows[0]?.['TimeGenerated']) < at - KEPT_MS) rows.shift();
  };
  return {
    request: ({ site, method, host, path, status }) =>
      write(requests, {
        Name: `${method} ${path}`,
        Url: `http://${host}${path}`,
        ResultCode: String(status),
        Success: status < 400,
        // Nothing in the café takes time.
        DurationMs: 0,
        AppRoleName: `cafe-${site}`,
      }),
    availability: ({ test, location, success, status }) => {
      if (!components.some(({ id }) => sameResource(id, test.componentId))) return;
      const Message = status === null ? 'No response' : `${status}`;
      write(results, { Name: test.name, Location: location, Success: success, Message });
    },
    read: (spanMs) => {
      const now = world.clock.now();
      const until = now - (INGESTION_SECONDS * 1000) / world.speed;
      const visible = (rows: readonly Row[]): readonly Row[] =>
        rows.filter(({ TimeGenerated: at }) => Number(at) <= until && Number(at) > now - spanMs);
      return new Map([
        ['AppRequests', { columns: REQUESTS, rows: visible(requests) }],
        ['AppAvailabilityResults', { columns: RESULTS, rows: visible(results) }],
      ]);
    },
  };
}
