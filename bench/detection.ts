import { readFile } from 'node:fs/promises';
import { seededRandom } from '../local/simulator/random.ts';
import { instant } from '../src/core/clock.ts';
import type { Look } from '../src/health/look.ts';
import { judge } from '../src/orchestration/watch/judge.ts';
import { look } from '../src/orchestration/watch/look.ts';
import { subjectOf } from '../src/orchestration/watch/subject.ts';
import type { Subject } from '../src/orchestration/watch/subject.ts';
import { createPlanFacts } from '../src/plan/facts.ts';
import { parsePlan } from '../src/plan/parse.ts';
import type { SignalKind, WatchRule } from '../src/plan/watch.ts';
import { stepKinds } from '../src/steps/registry.ts';
import { quantile } from './figures.ts';

/**
 * How soon an outage is detected, and how often noise is taken for one: the rule of the example plan, through the very
 * code that decides, beside Traffic Manager's own rule on the same traces. Time is virtual, and every seed is the same
 * trace for all. The noise is drawn, not recorded: its rates are far worse than Azure's, so that something shows.
 */
const TRACES = 400;
const HOURS = 12;
const SECONDS = HOURS * 3600;
const TICK = 30;

/** What goes wrong for a while: how often in a day, and for how long on average. Lengths are exponential. */
const NOISE = {
  /** The site itself stumbles: a restart, a failing deployment. */
  site: { perDay: 24, meanSeconds: 20 },
  /** We do not reach the site, the world does. */
  path: { perDay: 12, meanSeconds: 120 },
  /** We reach nothing at all. */
  us: { perDay: 4, meanSeconds: 180 },
} as const;
/** Single probes that get lost, of ours and of Traffic Manager's. */
const LOST = 0.01;
/** Azure says of dead machines that they are, this much later. */
const RESOURCE_HEALTH_SECONDS = 300;

interface Trace {
  /** The second at which the region dies for good; never when Infinity. */
  readonly outage: number;
  readonly siteDown: (second: number) => boolean;
  readonly pathDown: (second: number) => boolean;
  readonly weAreCut: (second: number) => boolean;
  readonly random: () => number;
}

function draw(seed: number): Trace {
  const random = seededRandom(seed);
  const spans = ({ perDay, meanSeconds }: { perDay: number; meanSeconds: number }): Uint8Array => {
    const bad = new Uint8Array(SECONDS);
    let second = 0;
    for (;;) {
      second += (-Math.log(1 - random()) * 86_400) / perDay;
      if (second >= SECONDS) return bad;
      const end = second - Math.log(1 - random()) * meanSeconds;
      bad.fill(1, Math.floor(second), Math.min(SECONDS, Math.ceil(end)));
      second = end;
    }
  };
  const [site, path, us] = [spans(NOISE.site), spans(NOISE.path), spans(NOISE.us)];
  const outage = seed % 2 === 0 ? Infinity : Math.floor(SECONDS / 2 + (random() * SECONDS) / 4);
  return {
    outage,
    siteDown: (second) => second >= outage || site[second] === 1,
    pathDown: (second) => path[second] === 1,
    weAreCut: (second) => us[second] === 1,
    random,
  };
}

interface Probing {
  readonly interval: number;
  readonly tolerated: number;
  readonly timeout: number;
}

/** Second by second, whether Traffic Manager has the endpoint for Degraded. */
function trafficManager(trace: Trace, { interval, tolerated, timeout }: Probing): Uint8Array {
  const degraded = new Uint8Array(SECONDS);
  let failures = 0;
  for (let second = Math.floor(trace.random() * interval); second < SECONDS; second += interval) {
    const failed = trace.siteDown(second) || trace.random() < LOST;
    failures = failed ? failures + 1 : 0;
    const known = second + (failed ? timeout : 0);
    degraded.fill(failures > tolerated ? 1 : 0, Math.min(known, SECONDS));
  }
  return degraded;
}

/** The seconds at which a rule that starts a failover would have done so: once for each time that it turns. */
type Decisions = readonly number[];

function turns(degraded: Uint8Array): Decisions {
  const found: number[] = [];
  degraded.forEach((now, second) => {
    if (now === 1 && degraded[second - 1] !== 1) found.push(second);
  });
  return found;
}

async function switchover(trace: Trace, resting: Subject, traffic: Uint8Array): Promise<Decisions> {
  const found: number[] = [];
  let subject = resting;
  let failed = false;
  for (let second = Math.floor(trace.random() * TICK); second < SECONDS; second += TICK) {
    const clock = { now: () => second * 1000, sleep: () => Promise.resolve() };
    const at = instant(clock.now());
    const readSignals = (wanted: Subject['signals']): Promise<readonly Look[]> =>
      Promise.resolve(
        wanted.map(({ plan, site, signal }) => ({
          ...{ plan, site, signal: signal.id, judges: 'health' as const, at, sees: '' },
          ...seen(trace, signal.uses, second, traffic),
        })),
      );
    const { after } = judge(subject, await look({ clock, readSignals }, [subject]), at);
    subject = { ...subject, before: { value: after, etag: '' } };
    if (after.verdict.is === 'failed' && !failed) found.push(second);
    // As the watch itself sees it: what has failed is over when everything is well again.
    failed = after.failedSince !== null;
  }
  return found;
}

function seen(
  trace: Trace,
  kind: SignalKind,
  second: number,
  traffic: Uint8Array,
): Pick<Look, 'domain' | 'as' | 'silent'> {
  const cut = trace.weAreCut(second);
  if (kind === 'http') {
    const bad = cut || trace.pathDown(second) || trace.siteDown(second) || trace.random() < LOST;
    return { domain: 'our-network', as: bad ? 'bad' : 'good' };
  }
  const domain =
    kind === 'traffic-manager' ? kind : kind === 'sql' ? 'resource-manager' : 'resource-health';
  if (cut) return { domain, as: 'unclear', silent: true };
  if (kind === 'traffic-manager') return { domain, as: traffic[second] === 1 ? 'bad' : 'good' };
  // Resource Manager goes on telling what it knows of a region that is dead.
  const told = kind === 'resource-health' && second >= trace.outage + RESOURCE_HEALTH_SECONDS;
  return { domain, as: told ? 'bad' : 'good' };
}

interface Tally {
  readonly delays: number[];
  false: number;
  missed: number;
}

function count(tally: Tally, decisions: Decisions, outage: number): void {
  tally.false += decisions.filter((second) => second < outage).length;
  if (outage === Infinity) return;
  const first = decisions.find((second) => second >= outage);
  // Who was wrong just before is not in time by it.
  if (first === undefined) tally.missed += 1;
  else tally.delays.push(first - outage);
}

async function preset(): Promise<Subject> {
  const file = 'websphere-cafe.yaml';
  const parsed = parsePlan(file, await readFile(`plans/${file}`, 'utf8'), stepKinds);
  const subject = parsed.ok
    ? subjectOf(createPlanFacts(stepKinds), parsed.value, undefined, null)
    : null;
  if (subject === null) throw new Error(`plans/${file} watches nothing.`);
  return subject;
}

/** What a plan's author may change, one thing at a time. */
const VARIANTS: Readonly<Record<string, Partial<WatchRule>>> = {
  'the preset': {},
  'failures: 2': { failures: 2 },
  'failures: 4': { failures: 4 },
  'quorum: 1': { quorum: 1 },
};
const PROBING = {
  'fast (10 s, 3 tolerated, 5 s)': { interval: 10, tolerated: 3, timeout: 5 },
  'default (30 s, 3 tolerated, 10 s)': { interval: 30, tolerated: 3, timeout: 10 },
} as const satisfies Record<string, Probing>;

export async function run(): Promise<void> {
  const resting = await preset();
  const tallies = new Map<string, Tally>();
  const tally = (rule: string): Tally => {
    const found = tallies.get(rule) ?? { delays: [], false: 0, missed: 0 };
    tallies.set(rule, found);
    return found;
  };
  for (let seed = 1; seed <= TRACES; seed += 1) {
    const trace = draw(seed);
    const traffic = Object.entries(PROBING).map(
      ([name, probing]) => [name, trafficManager(trace, probing)] as const,
    );
    const [fast] = traffic;
    for (const [name, change] of Object.entries(VARIANTS)) {
      const rule = { ...resting.watch.rule, ...change };
      const subject = { ...resting, watch: { ...resting.watch, rule } };
      const decisions = await switchover(trace, subject, fast?.[1] ?? new Uint8Array(SECONDS));
      count(tally(`Switchover, ${name}`), decisions, trace.outage);
    }
    for (const [name, degraded] of traffic)
      count(tally(`Traffic Manager, ${name}`), turns(degraded), trace.outage);
  }
  console.log('| rule | detected | median | p95 | false failovers |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const [name, { delays, missed, false: wrong }] of tallies) {
    const cells = [
      name,
      `${delays.length} of ${delays.length + missed}`,
      `${quantile(delays, 0.5)} s`,
      `${quantile(delays, 0.95)} s`,
      String(wrong),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log(
    `\n${TRACES} traces of ${HOURS} h: ${(TRACES * HOURS) / 24} days of noise, ${TRACES / 2} outages.`,
  );
}
