import { canonicalText } from '../core/canonical.ts';
import type { Json } from '../core/json.ts';
import type { PlanKinds } from './kinds.ts';
import { lockedResources } from './locked.ts';
import type { Plan, Stage, Step } from './plan.ts';

/**
 * What it means that a plan was changed, one sentence each: which steps run, when, with what; what its lock covers; what
 * is promised and decided otherwise. Nothing for what only people read, such as comments and the order of fields.
 */
export function comparePlans(before: Plan, after: Plan, kinds: PlanKinds): readonly string[] {
  return [
    ...changedStages('', before.stages, after.stages),
    ...changedStages('failback: ', before.failbackStages ?? [], after.failbackStages ?? []),
    ...changedStages('rehearsal: ', before.rehearsalStages ?? [], after.rehearsalStages ?? []),
    ...changedLock(before, after, kinds),
    ...changedFields('', restOf(before), restOf(after)),
  ];
}

function changedStages(
  where: string,
  before: readonly Stage[],
  after: readonly Stage[],
): readonly string[] {
  const [then, now] = [placed(before), placed(after)];
  const gone = [...then].flatMap(([id, { stage }]) =>
    now.has(id) ? [] : [`${where}step ${id} of stage ${stage} runs no more`],
  );
  const kept = [...now].flatMap(([id, { stage, step }]) => {
    const earlier = then.get(id);
    if (earlier === undefined)
      return [`${where}step ${id} (${step.uses}) is new, in stage ${stage}`];
    const moved =
      earlier.stage === stage
        ? []
        : [`${where}step ${id} moves from stage ${earlier.stage} to ${stage}`];
    return [...moved, ...changedFields(`${where}step ${id}: `, asJson(earlier.step), asJson(step))];
  });
  return [...gone, ...kept, ...changedOrder(where, before, after)];
}

/** Stages run one after the other; the steps of one side by side, so that their order means nothing. */
function changedOrder(
  where: string,
  before: readonly Stage[],
  after: readonly Stage[],
): readonly string[] {
  const names = (stages: readonly Stage[], others: readonly Stage[]): string =>
    stages
      .map(({ name }) => name)
      .filter((name) => others.some((other) => other.name === name))
      .join(', ');
  const [then, now] = [names(before, after), names(after, before)];
  return then === now ? [] : [`${where}stages run in another order: ${now} (before: ${then})`];
}

function placed(
  stages: readonly Stage[],
): ReadonlyMap<string, { readonly stage: string; readonly step: Step }> {
  return new Map(
    stages.flatMap(({ name, steps }) =>
      steps.map((step) => [step.id, { stage: name, step }] as const),
    ),
  );
}

function changedLock(before: Plan, after: Plan, kinds: PlanKinds): readonly string[] {
  const [then, now] = [lockedResources(before, kinds), lockedResources(after, kinds)];
  return [
    ...now.filter((one) => !then.includes(one)).map((one) => `its lock covers ${one}, too`),
    ...then.filter((one) => !now.includes(one)).map((one) => `its lock covers ${one} no more`),
  ];
}

function restOf(plan: Plan): Json {
  const isStages = (name: string): boolean => /^(?:stages|.+Stages)$/.test(name);
  return asJson(Object.fromEntries(Object.entries(plan).filter(([name]) => !isStages(name))));
}

/** `approvals.count: 1 becomes 0`, for every field that says something else. */
function changedFields(where: string, before: Json, after: Json): readonly string[] {
  const [then, now] = [leaves(before), leaves(after)];
  const paths = [...new Set([...then.keys(), ...now.keys()])];
  return paths.flatMap((path) => {
    const [one, other] = [then.get(path), now.get(path)];
    if (one === other) return [];
    if (one === undefined) return [`${where}${path} is new: ${other}`];
    return [
      other === undefined
        ? `${where}${path} is gone: ${one}`
        : `${where}${path}: ${one} becomes ${other}`,
    ];
  });
}

/** Lists are told as a whole: what stands where in them is no name. */
function leaves(value: Json, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path, typeof value === 'string' ? value : canonicalText(value)]]);
  return new Map(
    Object.entries(value).flatMap(([name, part]) => [
      ...leaves(part, path === '' ? name : `${path}.${name}`),
    ]),
  );
}

function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
