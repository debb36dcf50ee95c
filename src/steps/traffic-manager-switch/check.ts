import { formatSeconds } from '../../core/duration.ts';
import type { Finding } from '../../core/finding.ts';
import type { StepContext } from '../contract.ts';
import { lookAtPair } from './endpoints.ts';
import type { Pair } from './endpoints.ts';
import type { Settings } from './settings.ts';

/** Clients that keep the old address longer than this make a failover look slow, whatever else is fast. */
const LONG_TTL_SECONDS = 60;

export async function check(context: StepContext, settings: Settings): Promise<readonly Finding[]> {
  const pair = await lookAtPair(context, settings);
  if ('missing' in pair) {
    return [
      {
        severity: 'critical',
        resource: settings.profile,
        problem: `there is no ${pair.missing}`,
        remedy: 'Create it or correct the plan.',
      },
    ];
  }
  return [
    ...ofProfile(pair),
    ...(settings.control === 'switchover' ? ofSwitchover(settings, pair) : ofAutomatic(pair)),
  ];
}

function ofProfile({ profile, from, to }: Pair): readonly Finding[] {
  const findings: Finding[] = [];
  if (!profile.enabled) {
    findings.push({
      severity: 'critical',
      resource: profile.id,
      problem: 'the profile is disabled: its name does not exist for clients',
      remedy: 'Enable the profile.',
    });
  }
  if (profile.ttlSeconds > LONG_TTL_SECONDS) {
    findings.push({
      severity: 'warning',
      resource: profile.id,
      problem: `clients keep an old answer for up to ${formatSeconds(profile.ttlSeconds)}`,
      remedy: `Set the DNS time to live to ${LONG_TTL_SECONDS} s or less.`,
    });
  }
  const others = profile.endpoints.filter(
    (one) => one.enabled && one.name !== from.name && one.name !== to.name,
  );
  if (others.length > 0) {
    findings.push({
      severity: 'warning',
      resource: profile.id,
      problem: `traffic may go to ${others.map(({ name }) => name).join(', ')}, which the plan does not know`,
      remedy: "Disable the endpoints that belong to neither of the plan's sites.",
    });
  }
  return findings;
}

function ofSwitchover(settings: Settings, { from, to }: Pair): readonly Finding[] {
  const findings: Finding[] = [];
  if (to.enabled) {
    findings.push({
      severity: 'critical',
      resource: settings.profile,
      problem: `passive endpoint ${to.name} is enabled at rest: Traffic Manager may move traffic to it by itself`,
      remedy: `Disable ${to.name}, or set control: automatic.`,
    });
  }
  if (!from.enabled) {
    findings.push({
      severity: 'warning',
      resource: settings.profile,
      problem: `active endpoint ${from.name} is disabled: the application is closed`,
      remedy: `Enable ${from.name} unless the application is closed on purpose.`,
    });
  }
  if (settings.part !== 'close' && settings.ready === undefined) {
    findings.push({
      severity: 'warning',
      resource: settings.profile,
      problem: `nothing is asked of the site behind ${to.name} before traffic is pointed at it`,
      remedy: 'Give the step `ready: { url }`.',
    });
  }
  return findings;
}

function ofAutomatic({ profile, from, to }: Pair): readonly Finding[] {
  const findings: Finding[] = [];
  if (!to.enabled) {
    findings.push({
      severity: 'critical',
      resource: profile.id,
      problem: `${to.name} is disabled, so Traffic Manager cannot move by itself`,
      remedy: `Enable ${to.name}, or set control: switchover.`,
    });
  }
  const ordered = (from.priority ?? 0) < (to.priority ?? 0);
  if (profile.routing !== 'Priority' || !ordered) {
    findings.push({
      severity: 'warning',
      resource: profile.id,
      problem: `routing ${profile.routing} does not prefer ${from.name} to ${to.name}`,
      remedy: `Use priority routing with ${from.name} first.`,
    });
  }
  return findings;
}
