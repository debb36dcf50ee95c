import { bodyText, emptyAnswer, jsonAnswer } from '../http/call.ts';
import type { HttpAnswer, HttpCall } from '../http/call.ts';
import { parseJson } from '../json.ts';
import { managementUrls } from './binding.ts';
import { control, findInstances, purge, raiseEvent, startInstance } from './client.ts';
import type { InstanceFilter, StartRequest } from './client.ts';
import type { Hub } from './hub.ts';
import { hasEnded } from './protocol.ts';
import type { InstanceRow } from './store.ts';
import { historyView, statusView } from './views.ts';

export interface ManagementCall {
  readonly call: HttpCall;
  /** Below the API's root, for example `/instances/abc/terminate`. */
  readonly path: string;
  readonly systemKey: string;
}

/** The Durable Functions HTTP API, as the extension answers it. */
export function manage(hub: Hub, request: ManagementCall): HttpAnswer {
  const [collection, first, ...rest] = request.path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const { method } = request.call;
  if (collection === 'orchestrators' && first !== undefined && method === 'POST') {
    return start(hub, request, first, rest[0]);
  }
  if (collection === 'entities')
    return jsonAnswer(501, { Message: 'The local host does not run entities.' });
  if (collection !== 'instances') return emptyAnswer(404);
  if (first === undefined) return manageAll(hub, request.call);
  const instance = hub.store.instance(first);
  if (instance === undefined) return emptyAnswer(rest[0] === 'restart' ? 400 : 404);
  const [operation, eventName] = rest;
  if (operation === undefined) return manageOne(hub, request.call, instance);
  if (method !== 'POST') return emptyAnswer(404);
  return operate(hub, request, instance, operation, eventName);
}

function start(
  hub: Hub,
  request: ManagementCall,
  name: string,
  id: string | undefined,
): HttpAnswer {
  const { call } = request;
  const input = bodyText(call);
  if (input !== '' && parseJson(input) === undefined) return invalidJson();
  const version = call.url.searchParams.get('version');
  return startAnswer(hub, request, { name, id, input: input === '' ? null : input, version });
}

function startAnswer(hub: Hub, request: ManagementCall, start: StartRequest): HttpAnswer {
  const result = startInstance(hub, start);
  if (result.kind === 'exists') {
    return jsonAnswer(409, {
      Message: `An Orchestration instance with the status ${result.status} already exists.`,
    });
  }
  const urls = managementUrls(request.call.url.origin, result.id, request.systemKey);
  return jsonAnswer(202, urls, { location: urls['statusQueryGetUri'] ?? '', 'retry-after': '10' });
}

function manageAll(hub: Hub, call: HttpCall): HttpAnswer {
  const found = findInstances(hub, filterOf(call.url.searchParams));
  if (call.method === 'GET') {
    const showInput = call.url.searchParams.get('showInput') !== 'false';
    return jsonAnswer(
      200,
      found.map((instance) => statusView(instance, showInput)),
    );
  }
  if (call.method !== 'DELETE') return emptyAnswer(404);
  const deleted = purge(
    hub,
    found.filter((instance) => hasEnded(instance.status)),
  );
  return deleted === 0 ? emptyAnswer(404) : jsonAnswer(200, { instancesDeleted: deleted });
}

function filterOf(query: URLSearchParams): InstanceFilter {
  const time = (name: string, absent: number): number => {
    const text = query.get(name);
    return text === null ? absent : Date.parse(text);
  };
  return {
    createdFrom: time('createdTimeFrom', -Infinity),
    createdTo: time('createdTimeTo', Infinity),
    statuses: query.get('runtimeStatus')?.split(',') ?? null,
    idPrefix: query.get('instanceIdPrefix') ?? '',
  };
}

function manageOne(hub: Hub, call: HttpCall, instance: InstanceRow): HttpAnswer {
  const query = call.url.searchParams;
  const over = hasEnded(instance.status);
  if (call.method === 'DELETE') {
    if (over) return jsonAnswer(200, { instancesDeleted: purge(hub, [instance]) });
    const Message = `Only orchestrations in a terminal state can be purged, but instance ${instance.id} is ${instance.status}.`;
    return jsonAnswer(412, { Message });
  }
  if (call.method !== 'GET') return emptyAnswer(404);
  const view = {
    ...statusView(instance, query.get('showInput') !== 'false'),
    // The SDK looks for `history` and finds none: so it is on the platform.
    ...(query.get('showHistory') === 'true'
      ? {
          historyEvents: historyView(
            hub.store.history(instance.id),
            query.get('showHistoryOutput') === 'true',
          ),
        }
      : {}),
  };
  if (!over) return jsonAnswer(202, view, { location: call.url.href, 'retry-after': '5' });
  const failed =
    instance.status === 'Failed' && query.get('returnInternalServerErrorOnFailure') === 'true';
  return jsonAnswer(failed ? 500 : 200, view);
}

function operate(
  hub: Hub,
  request: ManagementCall,
  instance: InstanceRow,
  operation: string,
  eventName: string | undefined,
): HttpAnswer {
  const query = request.call.url.searchParams;
  if (operation === 'rewind') return jsonAnswer(501, 'The local host does not rewind.');
  if (operation === 'restart') {
    const id = query.get('restartWithNewInstanceId') === 'false' ? instance.id : undefined;
    const { name, input, version } = instance;
    return startAnswer(hub, request, { name, id, input, version });
  }
  if (operation === 'raiseEvent' && eventName !== undefined)
    return raise(hub, request.call, instance, eventName);
  if (operation !== 'terminate' && operation !== 'suspend' && operation !== 'resume')
    return emptyAnswer(404);
  if (hasEnded(instance.status)) return emptyAnswer(410);
  control(hub, instance, operation, query.get('reason'));
  return emptyAnswer(202);
}

function raise(hub: Hub, call: HttpCall, instance: InstanceRow, name: string): HttpAnswer {
  if (!(call.headers['content-type'] ?? '').startsWith('application/json')) {
    return jsonAnswer(400, { Message: 'Only application/json request content is supported' });
  }
  const input = bodyText(call);
  if (parseJson(input) === undefined) return invalidJson();
  if (hasEnded(instance.status)) return emptyAnswer(410);
  raiseEvent(hub, instance, name, input);
  return emptyAnswer(202);
}

function invalidJson(): HttpAnswer {
  return jsonAnswer(400, { Message: 'Invalid JSON content' });
}
