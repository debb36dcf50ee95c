import { SwitchoverError } from '../core/errors.ts';
import { versionWords } from '../core/plan-version.ts';
import type { PlanVersion } from '../core/plan-version.ts';
import { canonicalId } from '../core/resource-id.ts';
import type { PlanDetail, PlanStage, PlanSummary, Plans } from '../functions/services.ts';
import type { BrokenPlan } from '../orchestration/readiness/broken.ts';
import { timeBudget } from '../plan/budget.ts';
import { planHash } from '../plan/hash.ts';
import { lintPlan } from '../plan/lint.ts';
import { lockedResources } from '../plan/locked.ts';
import type { Notification } from '../plan/notifications.ts';
import { parsePlan } from '../plan/parse.ts';
import type { Plan } from '../plan/plan.ts';
import { formatProblems } from '../plan/problem.ts';
import { resolveSteps } from '../plan/resolve.ts';
import type { PlanFile } from '../plan/source.ts';
import type { DeployedPlans, DeployedVersion } from '../records/deployed-plans.ts';
import type { Locks } from '../records/locks.ts';
import type { PlanStates } from '../records/plan-state.ts';
import { bindByName, stepKinds } from '../steps/registry.ts';
import { rolesOf } from '../steps/roles.ts';
import type { DeployedFile } from './deployed-source.ts';

/** The plans that can be run, read anew at each use: an edited file counts from the next start. */
export interface Catalogue {
  all(): Promise<readonly Plan[]>;
  /** Null where there is none of that name. Refuses one that cannot be read, and says what is wrong with it. */
  find(name: string): Promise<FoundPlan | null>;
  /** As they were when the plan could be read last; null when it never was, or there is none. */
  notificationsOf(name: string): Promise<readonly Notification[] | null>;
  /** Plans that cannot be read, with what is wrong with them. */
  broken(): Promise<readonly BrokenPlan[]>;
  /**
   * The version of which `plan` was read; null of a file of the package. Refuses when it is the newest no more: read a
   * moment ago, it must not be what begins now.
   */
  newestVersion(plan: Plan): Promise<PlanVersion | null>;
  readonly doors: Pick<Plans, 'list' | 'get' | 'roles'>;
}

export interface FoundPlan {
  readonly plan: Plan;
  /** Canonical ids of everything that it changes. */
  readonly resources: readonly string[];
}

type Source = PlanFile | DeployedFile;

interface Read {
  readonly file: Source;
  readonly name: string;
  readonly plan: Plan | null;
  readonly problems: readonly string[];
}

export function createCatalogue(of: {
  readonly source: { list(): Promise<readonly Source[]> };
  /** Null where plans come with the package. */
  readonly deployed: Pick<DeployedPlans, 'of'> | null;
  readonly states: PlanStates;
  readonly locks: Locks;
}): Catalogue {
  const parsed = new Map<string, Read>();
  const versions = new WeakMap<Plan, DeployedVersion>();
  // Of a plan that cannot be read now: who asked to be told of trouble while it could be.
  const notified = new Map<string, readonly Notification[]>();

  async function read(): Promise<readonly Read[]> {
    const files = await of.source.list();
    return files.map((file) => {
      const known = parsed.get(file.file);
      if (known !== undefined && isSame(known.file, file)) return known;
      const fresh = readOne(file);
      parsed.set(file.file, fresh);
      if (fresh.plan === null) return fresh;
      notified.set(fresh.name, fresh.plan.notifications ?? []);
      if ('version' in file) versions.set(fresh.plan, file.version);
      return fresh;
    });
  }

  async function summary(one: Read, plan: Plan | null): Promise<PlanSummary> {
    const held = await of.locks.held();
    return {
      name: one.name,
      file: one.file.file,
      description: plan?.description ?? '',
      home: plan?.home ?? '',
      sites: Object.values(plan?.sites ?? {}).map(({ name, region, standby }) => ({
        name,
        region,
        standby,
      })),
      active:
        plan === null
          ? ((await of.states.actives()).get(one.name) ?? null)
          : await of.states.active(plan.name, plan.home),
      running: held.find((lock) => lock.plan === one.name)?.holder ?? null,
      version: 'version' in one.file ? one.file.version : null,
      problems: one.problems,
    };
  }

  async function readable(name: string): Promise<(Read & { readonly plan: Plan }) | null> {
    const one = (await read()).find((candidate) => candidate.name === name);
    if (one === undefined) return null;
    if (one.plan === null) throw unreadable(one);
    return { ...one, plan: one.plan };
  }

  return {
    async all() {
      return (await read()).flatMap(({ plan }) => (plan === null ? [] : [plan]));
    },
    async notificationsOf(name) {
      const found = (await read()).some((one) => one.name === name);
      return found ? (notified.get(name) ?? null) : null;
    },
    async broken() {
      const all = await read();
      return all.filter(({ plan }) => plan === null);
    },
    async newestVersion(plan) {
      if (of.deployed === null) return null;
      const version = versions.get(plan);
      const newest = (await of.deployed.of(plan.name))?.value;
      if (version === undefined || newest === undefined || newest.number !== version.number)
        throw changedMeanwhile(plan.name, newest);
      return version;
    },
    async find(name) {
      const plan = (await readable(name))?.plan;
      return plan === undefined
        ? null
        : { plan, resources: lockedResources(plan, stepKinds).map(canonicalId) };
    },
    doors: {
      list: async () => Promise.all((await read()).map((one) => summary(one, one.plan))),
      async get(name) {
        const one = await readable(name);
        if (one === null) return null;
        return {
          ...(await summary(one, one.plan)),
          ...detail(one.plan, await of.states.active(name, one.plan.home)),
        };
      },
      async roles(name) {
        const one = await readable(name);
        return one === null ? null : rolesOf(one.plan);
      },
    },
  };
}

/** A text that is pushed again is a new version of the same plan. */
function isSame(known: Source, file: Source): boolean {
  if ('lost' in known || 'lost' in file) return false;
  return known.text === file.text && numberOf(known) === numberOf(file);
}

function numberOf(file: Source): number | null {
  return 'version' in file ? file.version.number : null;
}

function unreadable({ name, problems }: Read): SwitchoverError {
  return new SwitchoverError(
    'PLAN_INVALID',
    `Plan ${name} is of no use until it is mended: ${problems.join(' ')}`,
  );
}

function changedMeanwhile(name: string, newest: PlanVersion | undefined): SwitchoverError {
  const now = newest === undefined ? 'it is gone' : `its newest is ${versionWords(newest)}`;
  return new SwitchoverError(
    'STORE_CONFLICT',
    `Plan ${name} was changed at this moment: ${now}. Nothing was started; start it if it still is what you want.`,
  );
}

function readOne(file: Source): Read {
  if ('lost' in file) {
    const { plan: name, number } = file.version;
    const problem = `Version ${number} of ${name} cannot be read: ${file.lost}. Push the plan again: switchover plan push FILE`;
    return { file, name, plan: null, problems: [problem] };
  }
  const result = parsePlan(file.file, file.text, stepKinds);
  if (result.ok) return { file, name: result.value.name, plan: result.value, problems: [] };
  const name = file.file.replace(/\.ya?ml$/, '');
  return { file, name, plan: null, problems: formatProblems(result.error).split('\n') };
}

function detail(plan: Plan, active: string): Omit<PlanDetail, keyof PlanSummary> {
  const to = Object.keys(plan.sites).find((site) => site !== active) ?? active;
  return {
    hash: planHash(plan),
    objectives: plan.objectives,
    publicUrl: plan.publicUrl,
    stages: stagesOf(plan, active, to),
    budget: timeBudget(plan, stepKinds),
    findings: lintPlan(plan, stepKinds).findings,
  };
}

function stagesOf(plan: Plan, from: string, to: string): PlanStage[] {
  return resolveSteps(plan, { from, to, mode: 'any', executionId: 'ID' }).map((stage) => ({
    name: stage.name,
    steps: stage.steps.map((step) => {
      const mode = step.when === 'unplanned' ? 'unplanned' : 'planned';
      const sentence = bindByName(step.uses, step.with).describe({ mode, from, to });
      return {
        id: step.id,
        uses: step.uses,
        when: step.when,
        timeoutSeconds: step.timeoutSeconds,
        sentence,
      };
    }),
  }));
}
