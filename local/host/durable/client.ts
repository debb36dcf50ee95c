import type { Hub } from './hub.ts';
import { createInstance } from './instances.ts';
import { EVENT, hasEnded } from './protocol.ts';
import type { Change, InstanceRow } from './store.ts';

/** Thrown where an answer was due when the host was killed: none may be given. */
export class HostKilled extends Error {
  override readonly name = 'HostKilled';

  constructor() {
    super('The local host was killed before it could answer.');
  }
}

export interface StartRequest {
  readonly name: string;
  readonly id: string | undefined;
  /** JSON text. */
  readonly input: string | null;
  readonly version: string | null;
}

export type StartResult =
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'exists'; readonly status: string };

/** What a client can do to instances. Names and ids are taken as they come; whether they exist shows in the result. */
export function startInstance(hub: Hub, request: StartRequest): StartResult {
  const id = request.id ?? hub.newGuid().replaceAll('-', '');
  const existing = hub.store.instance(id);
  if (existing !== undefined && !hasEnded(existing.status))
    return { kind: 'exists', status: existing.status };
  const version = request.version ?? hub.options.defaultVersion;
  // An unknown name is accepted, too: the instance then fails.
  commit(
    hub,
    id,
    createInstance(hub, { id, name: request.name, input: request.input, version, parent: null }),
  );
  return { kind: 'started', id };
}

export function raiseEvent(hub: Hub, instance: InstanceRow, name: string, input: string): void {
  const raised = { EventType: EVENT.EventRaised, Name: name, Input: input };
  const message = hub.message({ instance: instance.id, execution: null }, raised);
  commit(hub, instance.id, [{ type: 'message', message }]);
}

/** Children are not reached: neither by a termination nor by a suspension. */
export function control(
  hub: Hub,
  instance: InstanceRow,
  kind: 'terminate' | 'suspend' | 'resume',
  reason: string | null,
): void {
  commit(hub, instance.id, [{ type: 'message', message: hub.control(instance.id, kind, reason) }]);
}

export function purge(hub: Hub, instances: readonly InstanceRow[]): number {
  if (instances.length > 0) {
    const changes = instances.map((instance): Change => ({ type: 'forget', id: instance.id }));
    commit(hub, instances.map((instance) => instance.id).join(), changes);
  }
  return instances.length;
}

export interface InstanceFilter {
  readonly createdFrom: number;
  readonly createdTo: number;
  readonly statuses: readonly string[] | null;
  readonly idPrefix: string;
}

export function findInstances(hub: Hub, filter: InstanceFilter): InstanceRow[] {
  return hub.store
    .instances()
    .filter(
      (instance) =>
        instance.createdAt >= filter.createdFrom && instance.createdAt <= filter.createdTo,
    )
    .filter((instance) => filter.statuses === null || filter.statuses.includes(instance.status))
    .filter((instance) => instance.id.startsWith(filter.idPrefix));
}

function commit(hub: Hub, instance: string, changes: readonly Change[]): void {
  if (!hub.commit({ by: 'client', instance }, changes)) throw new HostKilled();
}
