import { z } from 'zod';
import { SwitchoverError } from '../core/errors.ts';
import { parseResourceId } from '../core/resource-id.ts';
import { duration, text, time } from './atoms.ts';
import { check, expected } from './complaints.ts';
import type { Checked } from './complaints.ts';
import type { LocatedSignal } from './pieces.ts';
import type { Plan } from './plan.ts';
import { formatPath } from './problem.ts';
import type { Complaint, Path } from './problem.ts';
import { watchedScope } from './scope.ts';
import type { Place } from './scope.ts';
import type { ReadyPieces } from './sites.ts';
import { substituteObject } from './template.ts';
import type { Signal, SignalKind } from './watch.ts';

const ID = 'a resource id such as /subscriptions/…/resourceGroups/…/providers/…';
const resourceId = z
  .string({ error: expected(ID) })
  .refine((id) => parseResourceId(id) !== null, { error: expected(ID) });
const oneOrMore = <T extends z.ZodType>(one: T) =>
  z.union([z.array(one).min(1), one.transform((value) => [value])]);

/** Bad beyond these; at least one of the two. */
const bad = z

  .strictObject({
    above: z.number().exactOptional().meta({ description: 'More than this is bad.' }),
    below: z.number().exactOptional().meta({ description: 'Less than this is bad.' }),
  })
  .refine(({ above, below }) => above !== undefined || below !== undefined, {
    error: 'expected above, below or both',
  })
  .meta({ description: 'What counts as bad.' });

/** Settings of each source of signals, templates closed. */
export const signalSettings = {
  http: z.strictObject({
    url: z
      .url({ protocol: /^https?$/, error: expected('an http or https URL') })
      .meta({ description: 'Where the site answers for itself.' }),
    expect: z
      .strictObject({
        status: oneOrMore(z.int().min(100).max(599))
          .exactOptional()
          .meta({ description: 'Anything from 200 to 399 when absent.' }),
        bodyIncludes: text
          .exactOptional()
          .meta({ description: 'Text that the body must contain.' }),
      })
      .prefault({})
      .meta({ description: 'What a good answer is.' }),
    slow: time
      .exactOptional()
      .meta({ description: 'An answer that takes longer is bad, too: as useless as none.' }),
    /** All probes of all plans are made within a tick of 30 s. */
    timeout: time
      .refine((seconds) => seconds <= 10, { error: 'expected at most 10s' })
      .prefault('5s')
      .meta({ description: 'How long an answer is waited for, 10s at most.' }),
    trustAnyCertificate: z
      .boolean()
      .default(false)
      .meta({ description: 'For consoles with a certificate of their own.' }),
  }),
  'traffic-manager': z.strictObject({
    profile: resourceId.meta({ description: "The profile's resource id." }),
    endpoint: text.meta({ description: "The name of the site's endpoint." }),
  }),
  metric: z.strictObject({
    resource: resourceId.meta({ description: 'The resource that has the metric.' }),
    namespace: text.meta({
      description: "The metric's namespace: Microsoft.Sql/servers/databases.",
    }),
    name: text.meta({ description: "The metric's name." }),
    aggregation: z
      .enum(['Average', 'Minimum', 'Maximum', 'Total', 'Count'])
      .default('Average')
      .meta({ description: 'Over each minute.' }),
    filter: text
      .exactOptional()
      .meta({ description: "Azure Monitor's filter over dimensions: EndpointName eq 'east'." }),
    bad,
  }),
  logs: z.strictObject({
    workspace: z
      .guid({ error: expected("a Log Analytics workspace's id (a GUID)") })
      .meta({ description: "The workspace's id, a GUID." }),
    query: text.meta({ description: 'KQL; the first number of its first row is judged.' }),
    span: time.prefault('5m').meta({ description: 'Over which time, up to now.' }),
    bad,
  }),
  sql: z.strictObject({
    server: resourceId.meta({ description: "The resource id of the site's server." }),
    group: text.meta({ description: 'The name of the failover group.' }),
    lagAbove: duration.exactOptional().meta({
      description: 'A secondary that lags more than this could not take over without loss.',
    }),
  }),
  'resource-health': z.strictObject({
    resources: oneOrMore(resourceId).meta({ description: 'Whose health is asked for.' }),
  }),
  'site-recovery': z.strictObject({
    vault: resourceId.meta({ description: "The vault's resource id." }),
    machines: oneOrMore(text)
      .exactOptional()
      .meta({ description: 'Friendly names of the machines; all of the vault when absent.' }),
  }),
  alert: z.strictObject({
    rule: text.meta({ description: "The alert rule's name; * stands for anything." }),
    severity: oneOrMore(z.enum(['Sev0', 'Sev1', 'Sev2', 'Sev3', 'Sev4']))
      .exactOptional()
      .meta({ description: 'Only alerts of these; of all when absent.' }),
    targets: oneOrMore(resourceId).exactOptional().meta({
      description:
        'The alert concerns this site when one of its targets is, or is inside, one of these.',
    }),
    lasts: time.prefault('30m').meta({
      description: 'How long it speaks after it was fired, unless it is resolved before.',
    }),
    confirmed: z
      .boolean()
      .default(false)
      .meta({ description: "Whether it is believed without the plan's own signals." }),
  }),
} as const satisfies Record<SignalKind, z.ZodType>;

export type SignalSettings<K extends SignalKind = SignalKind> = z.infer<(typeof signalSettings)[K]>;

/** A signal that looks at one site; `uses` tells what is in `with`. */
export type WatchedSignal<K extends SignalKind = SignalKind> = {
  [Kind in K]: { readonly id: string; readonly uses: Kind; readonly with: SignalSettings<Kind> };
}[K];

/** Whether anything tells at every tick how the site is. Reads of Azure are rationed while all looks well. */
export function looksOften(plan: Plan): boolean {
  return resolveSignals(plan, plan.home).some(
    (signal) => signal.uses === 'http' || isProof(signal),
  );
}

/** Believed without anybody else. */
export function isProof(signal: WatchedSignal): boolean {
  return signal.uses === 'alert' && signal.with.confirmed;
}

/** The plan's signals as they look at one of its sites. None when nothing is watched. */
export function resolveSignals(plan: Plan, site: string): readonly WatchedSignal[] {
  return (plan.watch?.signals ?? []).map((signal, index) => {
    const closed = close(signal, plan.sites, site, ['watch', 'signals', index]);
    if (closed.ok) return closed.value;
    const [first] = closed.complaints;
    throw new SwitchoverError(
      'PLAN_INVALID',
      `Signal ${signal.id} of plan ${plan.name} cannot look at ${site}: ` +
        `${formatPath(first?.path ?? [])}: ${first?.message ?? 'unknown'}. Validate the plan.`,
    );
  });
}

export function signalComplaints({ sites, signals }: ReadyPieces): Complaint[] {
  return [
    ...repeatedIds(signals),
    ...signals.flatMap(({ path, signal }) => complaintsAtAllSites(signal, sites, path)),
  ];
}

/** What is wrong at one site only names it, because the author sees one text that serves both. */
function complaintsAtAllSites(
  signal: Signal,
  sites: Readonly<Record<string, Place>>,
  path: Path,
): Complaint[] {
  const names = Object.keys(sites);
  const bySite = names.map((site) => {
    const closed = close(signal, sites, site, path);
    return { site, complaints: closed.ok ? [] : closed.complaints };
  });
  const key = ({ path: at, message }: Complaint): string => `${formatPath(at)} ${message}`;
  const everywhere = (complaint: Complaint): boolean =>
    bySite.every(({ complaints }) => complaints.some((one) => key(one) === key(complaint)));
  return bySite.flatMap(({ site, complaints }, index) =>
    complaints.flatMap((complaint) => {
      if (!everywhere(complaint))
        return [{ ...complaint, message: `${complaint.message} (at ${site})` }];
      return index === 0 ? [complaint] : [];
    }),
  );
}

function repeatedIds(signals: readonly LocatedSignal[]): Complaint[] {
  return signals.flatMap(({ path, signal }, index) => {
    const first = signals.slice(0, index).find((other) => other.signal.id === signal.id);
    return first === undefined
      ? []
      : [
          {
            path: [...path, 'id'],
            message: `signal id "${signal.id}" is already that of ${formatPath(first.path)}`,
          },
        ];
  });
}

function close(
  signal: Signal,
  sites: Readonly<Record<string, Place>>,
  site: string,
  path: Path,
): Checked<WatchedSignal> {
  const at = [...path, 'with'];
  const { value, complaints } = substituteObject(signal.with, watchedScope(sites, site), at);
  if (complaints.length > 0) return { ok: false, complaints };
  const settings: Checked<SignalSettings> = check<SignalSettings>(
    signalSettings[signal.uses],
    value,
    at,
  );
  if (!settings.ok) return settings;
  // The schema was chosen by `uses`, which the compiler cannot follow through the table.
  return {
    ok: true,
    value: { id: signal.id, uses: signal.uses, with: settings.value } as WatchedSignal,
  };
}
