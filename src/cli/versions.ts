import type { PlanVersion } from '../core/plan-version.ts';
import type { VersionWithText } from '../functions/services.ts';
import type { Server } from './server.ts';

/** Newest first. */
export async function versionsOf(server: Server, plan: string): Promise<readonly PlanVersion[]> {
  const path = `/api/plans/${encodeURIComponent(plan)}/versions`;
  const { versions } = await server.get<{ versions: readonly PlanVersion[] }>(path);
  return versions;
}

export function versionAt(
  server: Server,
  plan: string,
  number: number | 'newest',
): Promise<VersionWithText> {
  return server.get(`/api/plans/${encodeURIComponent(plan)}/versions/${number}`);
}

/** Null when no plan of that name was ever pushed. */
export async function newestVersion(server: Server, plan: string): Promise<VersionWithText | null> {
  const [newest] = await versionsOf(server, plan);
  return newest === undefined ? null : versionAt(server, plan, newest.number);
}
