import { isDeepStrictEqual } from 'node:util';
import { instant } from '../../../src/core/clock.ts';
import type { Instant } from '../../../src/core/clock.ts';
import { canonicalId } from '../../../src/core/resource-id.ts';
import type { World } from '../service.ts';
import { settledMonitor, watchEndpoint } from './probing.ts';
import type { Probe, Watch } from './probing.ts';
import { initialMonitor } from './profile.ts';
import type { Endpoint, EndpointMonitor, Profile } from './profile.ts';

export interface StatusChange {
  readonly at: Instant;
  readonly profile: string;
  readonly endpoint: string;
  readonly monitor: EndpointMonitor;
}

export interface Profiles {
  get(id: string): Profile | null;
  all(): readonly Profile[];
  /** Replaces a profile or adds it. Endpoints that change, or whose probes do, are checked anew. */
  put(profile: Profile): Profile;
  /** Adds a profile that has been there for long: its endpoints show what probing them gives. */
  settle(profile: Profile): void;
  remove(id: string): void;
  history(): readonly StatusChange[];
}

interface State {
  readonly world: World;
  readonly probe: Probe;
  readonly profiles: Map<string, Profile>;
  /** The watches over a profile's endpoints, by endpoint. */
  readonly watches: Map<string, Map<string, Watch>>;
  readonly history: StatusChange[];
}

export function createProfiles(world: World, probe: Probe): Profiles {
  const state: State = { world, probe, profiles: new Map(), watches: new Map(), history: [] };
  return {
    get: (id) => state.profiles.get(canonicalId(id)) ?? null,
    all: () => [...state.profiles.values()],
    put: (profile) => put(state, profile),
    settle: (profile) => {
      for (const endpoint of put(state, profile).endpoints) {
        if (endpoint.monitor !== 'CheckingEndpoint') continue;
        show(
          state,
          profile.id,
          endpoint.name,
          settledMonitor(probe, profile.monitorConfig, endpoint),
        );
      }
    },
    remove: (id) => {
      for (const watch of watchesOf(state, id).values()) watch.stop();
      state.watches.delete(canonicalId(id));
      state.profiles.delete(canonicalId(id));
    },
    history: () => state.history,
  };
}

function put(state: State, wanted: Profile): Profile {
  const before = state.profiles.get(canonicalId(wanted.id)) ?? null;
  const kept = (endpoint: Endpoint): Endpoint | null => unchanged(before, wanted, endpoint);
  const endpoints = wanted.endpoints.map(
    (endpoint) =>
      kept(endpoint) ?? { ...endpoint, monitor: initialMonitor(wanted.enabled, endpoint) },
  );
  const profile = { ...wanted, endpoints };
  state.profiles.set(canonicalId(profile.id), profile);
  const watches = watchesOf(state, profile.id);
  for (const endpoint of before?.endpoints ?? []) {
    if (endpoints.some((each) => each === kept(endpoint))) continue;
    watches.get(endpoint.name)?.stop();
    watches.delete(endpoint.name);
  }
  for (const endpoint of endpoints.filter((each) => !before?.endpoints.includes(each))) {
    note(state, profile, endpoint.name, endpoint.monitor);
    if (endpoint.monitor !== 'CheckingEndpoint') continue;
    const report = (monitor: EndpointMonitor): void =>
      show(state, profile.id, endpoint.name, monitor);
    watches.set(
      endpoint.name,
      watchEndpoint(state.world, state.probe, profile.monitorConfig, endpoint, report),
    );
  }
  return profile;
}

/** The endpoint as it was, when neither it nor the way it is probed is to change: then it keeps its status. */
function unchanged(before: Profile | null, profile: Profile, wanted: Endpoint): Endpoint | null {
  const known = before?.endpoints.find(({ name }) => name === wanted.name);
  if (known === undefined || before?.enabled !== profile.enabled) return null;
  if (!isDeepStrictEqual(before.monitorConfig, profile.monitorConfig)) return null;
  return isDeepStrictEqual(known, { ...wanted, monitor: known.monitor }) ? known : null;
}

function watchesOf(state: State, id: string): Map<string, Watch> {
  const found = state.watches.get(canonicalId(id)) ?? new Map<string, Watch>();
  state.watches.set(canonicalId(id), found);
  return found;
}

function show(state: State, id: string, name: string, monitor: EndpointMonitor): void {
  const profile = state.profiles.get(canonicalId(id));
  const endpoint = profile?.endpoints.find((each) => each.name === name);
  if (profile === undefined || endpoint === undefined || endpoint.monitor === monitor) return;
  const endpoints = profile.endpoints.map((each) =>
    each === endpoint ? { ...each, monitor } : each,
  );
  state.profiles.set(canonicalId(id), { ...profile, endpoints });
  note(state, profile, name, monitor);
}

function note(
  { world, history }: State,
  { name: profile }: Profile,
  endpoint: string,
  monitor: EndpointMonitor,
): void {
  history.push({ at: instant(world.clock.now()), profile, endpoint, monitor });
}
