import type { Json } from '../../../src/core/json.ts';
import type { WireResponse } from '../service.ts';
import type { DatabaseAccess } from '../sql/failover-groups.ts';
import type { Row } from '../sql/replica.ts';

export interface CafeRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

const ROOT = '/websphere-cafe/';
export const COFFEES = '/websphere-cafe/rest/coffees';
/** Lists show the oldest coffees only, so that a long simulation's answers stay small. */
const LISTED = 100;

/** IBM HTTP Server's page when no application server behind it answers. */
export function unavailable(): WireResponse {
  return {
    status: 503,
    body: '<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>',
  };
}

export function answerConsole({ method, path }: CafeRequest): WireResponse {
  if (method !== 'GET') return { status: 405, body: 'Method Not Allowed' };
  if (path !== '/ibm/console/logon.jsp') return { status: 404, body: 'Not Found' };
  return {
    status: 200,
    body: '<html><head><title>WebSphere Integrated Solutions Console</title></head><body><h1>WebSphere Integrated Solutions Console</h1><form action="j_security_check" method="post"><input name="j_username"><input name="j_password" type="password"></form></body></html>',
  };
}

export function answerCafe(
  request: CafeRequest,
  database: DatabaseAccess | null,
  now: number,
): WireResponse {
  if (!request.path.startsWith(ROOT)) return { status: 404, body: 'Not Found' };
  if (database === null) {
    return {
      status: 500,
      body: 'Error 500: java.sql.SQLException: the database cannot be reached',
    };
  }
  const path = request.path.replace(/\/$/, '');
  if (path === ROOT.slice(0, -1) && request.method === 'GET') {
    const rows = database.rows().slice(0, LISTED);
    return {
      status: 200,
      // Written for those who read it: Traffic Manager's probes and the witnesses of a simulation take the status alone.
      get body() {
        return page(rows);
      },
    };
  }
  if (path === COFFEES && request.method === 'GET') {
    return { status: 200, body: database.rows().slice(0, LISTED).map(coffee) };
  }
  if (path === COFFEES && request.method === 'POST') return create(request.body, database, now);
  const id = new RegExp(`^${COFFEES}/(\\d+)$`).exec(path)?.[1];
  const found = database.rows().find((row) => String(row.id) === id);
  if (found === undefined) return { status: 404, body: { error: 'There is no such coffee.' } };
  return request.method === 'GET'
    ? { status: 200, body: coffee(found) }
    : { status: 405, body: { error: 'Coffees can be read, and created in the list.' } };
}

function create(body: string | undefined, database: DatabaseAccess, now: number): WireResponse {
  const order = parseOrder(body);
  if (order === null) return { status: 400, body: { error: 'A coffee has a name and a price.' } };
  const row = database.insert({ ...order, at: now });
  return {
    status: 201,
    headers: { Location: `${COFFEES}/${row.id}` },
    body: coffee(row),
    effect: `coffee ${row.id} '${row.name}' written on ${database.server.name}`,
  };
}

function parseOrder(body: string | undefined): { name: string; price: number } | null {
  try {
    const order: unknown = JSON.parse(body ?? '');
    if (typeof order !== 'object' || order === null || !('name' in order) || !('price' in order))
      return null;
    const { name, price } = order;
    return typeof name === 'string' && typeof price === 'number' ? { name, price } : null;
  } catch {
    return null;
  }
}

/** A coffee as clients see it. */
export function coffee({ id, name, price }: Row): Json {
  return { id, name, price };
}

function page(rows: readonly Row[]): string {
  const items = rows.map(({ name, price }) => `<li>${escape(name)}: ${price}</li>`).join('');
  return `<html><head><title>WebSphere Café</title></head><body><h1>WebSphere Café</h1><ul>${items}</ul></body></html>`;
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
