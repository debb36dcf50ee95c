import { parseResourceId } from '../core/resource-id.ts';
import { found } from './complaints.ts';
import type { LagSource, Plan } from './plan.ts';
import type { Complaint, Path } from './problem.ts';
import { siteScope } from './scope.ts';
import type { Place } from './scope.ts';
import type { ReadyPieces } from './sites.ts';
import { suggestion } from './suggestion.ts';
import { substitute } from './template.ts';

type Places = Readonly<Record<string, Place>>;

/** Resource ids of the databases whose replication lag is read while `site` serves. */
export function lagSources(plan: Plan, site: string): readonly string[] {
  return plan.dataLoss.databases.flatMap(({ database }) => database[site] ?? []);
}

export function closeLagSource(source: LagSource, sites: Places): LagSource {
  const scope = siteScope(sites);
  const entries = Object.entries(source.database).map(([site, id]) => {
    const { value } = substitute(id, scope);
    return [site, typeof value === 'string' ? value : id] as const;
  });
  return { database: Object.fromEntries(entries) };
}

export function databaseComplaints({ sites, databases }: ReadyPieces): Complaint[] {
  return (databases ?? []).flatMap((source, index) =>
    complaintsOf(source, sites, ['dataLoss', 'databases', index, 'database']),
  );
}

function complaintsOf(source: LagSource, sites: Places, path: Path): Complaint[] {
  const names = Object.keys(sites);
  const given = Object.keys(source.database);
  const missing = names
    .filter((name) => !given.includes(name))
    .map((name) => ({ path, message: `the database of site "${name}" is missing` }));
  const unknown = given
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: [...path, name],
      key: true as const,
      message: `unknown site "${name}": expected ${names.join(', ')}${suggestion(name, names)}`,
    }));
  return [...missing, ...unknown, ...idComplaints(source, sites, path)];
}

function idComplaints(source: LagSource, sites: Places, path: Path): Complaint[] {
  const scope = siteScope(sites);
  return Object.entries(source.database).flatMap(([site, id]) => {
    const { value, complaints } = substitute(id, scope, [...path, site]);
    if (complaints.length > 0) return complaints;
    if (typeof value === 'string' && parseResourceId(value) !== null) return [];
    return [
      { path: [...path, site], message: `expected a database's resource id, ${found(value)}` },
    ];
  });
}
