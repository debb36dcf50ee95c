import { canonicalId } from '../core/resource-id.ts';
import type { PlanDetail, PlanStage, PlanSummary, Plans } from '../functions/services.ts';
import { timeBudget } from '../plan/budget.ts';
import { planHash } from '../plan/hash.ts';
import { lintPlan } from '../plan/lint.ts';
import { lockedResources } from '../plan/locked.ts';
import type { Notification } from '../plan/notifications.ts';
import { parsePlan } from '../plan/parse.ts';
import type { Plan } from '../plan/plan.ts';
import { formatProblems } from '../plan/problem.ts';
import { resolveSteps } from '../plan/resolve.ts';
import type { PlanFile, PlanSource } from '../plan/source.ts';
import type { Locks } from '../records/locks.ts';
import type { PlanStates } from '../records/plan-state.ts';
import { bindByName, stepKinds } from '../steps/registry.ts';
import { rolesOf } from '../steps/roles.ts';

/** The plans that can be run, read anew at each use: an edited file counts from the next start. */
export interface Catalogue {
  all(): Promise<readonly Plan[]>;
  find(name: string): Promise<FoundPlan | null>;
  /** Null when no plan of that name can be read. */
  notificationsOf(name: string): Promise<readonly Notification[] | null>;
  readonly doors: Plans;
}

export interface FoundPlan {
  readonly plan: Plan;
  /** Canonical ids of everything that it changes. */
  readonly resources: readonly string[];
}

interface Read {
  readonly file: PlanFile;
  readonly name: string;
  readonly plan: Plan | null;
  readonly problems: readonly string[];
}

export function createCatalogue(of: {
  readonly source: PlanSource;
  readonly states: PlanStates;
  readonly locks: Locks;
}): Catalogue {
  const parsed = new Map<string, Read>();

  async function read(): Promise<readonly Read[]> {
    const files = await of.source.list();
    return files.map((file) => {
      const known = parsed.get(file.file);
      if (known?.file.text === file.text) return known;
      const fresh = readOne(file);
      parsed.set(file.file, fresh);
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
      active: plan === null ? null : await of.states.active(plan.name, plan.home),
      running: held.find((lock) => lock.plan === one.name)?.holder ?? null,
      problems: one.problems,
    };
  }

  async function planNamed(name: string): Promise<Plan | null> {
    return (await read()).find((one) => one.name === name)?.plan ?? null;
  }

  return {
    async all() {
      return (await read()).flatMap(({ plan }) => (plan === null ? [] : [plan]));
    },
    async notificationsOf(name) {
      const plan = await planNamed(name);
      return plan === null ? null : (plan.notifications ?? []);
    },
    async find(name) {
      const plan = await planNamed(name);
      return plan === null
        ? null
        : { plan, resources: lockedResources(plan, stepKinds).map(canonicalId) };
    },
    doors: {
      list: async () => Promise.all((await read()).map((one) => summary(one, one.plan))),
      async get(name) {
        const one = (await read()).find((candidate) => candidate.name === name);
        if (one?.plan == null) return null;
        return {
          ...(await summary(one, one.plan)),
          ...detail(one.plan, await of.states.active(name, one.plan.home)),
        };
      },
      async roles(name) {
        const plan = await planNamed(name);
        return plan === null ? null : rolesOf(plan);
      },
    },
  };
}

function readOne(file: PlanFile): Read {
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
