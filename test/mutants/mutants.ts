/** A deliberate bug: one text of one file of src, replaced. Simulation must notice it within so many seeds. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
  readonly seeds: number;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the old side is not fenced before the other is made writable',
    file: 'src/orchestration/step/act.ts',
    text: 'const gate = await fenceOrAsk(page, seen);',
    becomes: 'const gate = null as Awaited<ReturnType<typeof fenceOrAsk>>;',
    seeds: 60,
  },
  {
    name: 'one observer is enough to presume that the old side is down',
    file: 'src/health/fence.ts',
    text: 'domains.size >= 2',
    becomes: 'domains.size >= 0',
    seeds: 100,
  },
  {
    name: 'the lock is not looked at before a call',
    file: 'src/records/locks.ts',
    text: 'return lock.holder === holder && lock.token === token;',
    becomes: 'return lock.token >= 0;',
    seeds: 100,
  },
  {
    name: 'a second start of a plan gets the lock, too',
    file: 'src/records/locks.ts',
    text: 'if (other?.value.holder != null) return',
    becomes: 'if (other?.value.holder === request.holder) return',
    seeds: 100,
  },
  {
    name: 'plans that share resources do not exclude each other',
    file: 'src/records/locks.ts',
    text: 'value.resources.some((resource) => resources.includes(resource))',
    becomes: 'value.resources.some((resource) => resources.includes(`not ${resource}`))',
    seeds: 150,
  },
  {
    name: 'an unplanned execution rolls back when a step fails',
    file: 'src/orchestration/failure-rule.ts',
    text: "return onFailure ?? (mode === 'planned' ? 'compensate' : 'pause');",
    becomes: "return onFailure ?? (mode === 'planned' ? 'compensate' : 'compensate');",
    seeds: 60,
  },
  {
    name: 'the next stage begins although a step of this one has failed',
    file: 'src/orchestration/execution/forward.ts',
    text: "memberOf(stage, step)?.onFailure === 'continue' &&",
    becomes: "memberOf(stage, step)?.onFailure !== 'pause' &&",
    seeds: 60,
  },
  {
    name: 'a call whose answer was lost is made again at once',
    file: 'src/orchestration/step/settling.ts',
    text: '...attempts.map(({ value }) => page.pinned.bound.settleSeconds + givenUpIn(value, now)),',
    becomes: '...attempts.map(({ value }) => Math.min(0, givenUpIn(value, now))),',
    seeds: 100,
  },
  {
    name: 'a call whose answer was lost is not remembered',
    file: 'src/orchestration/step/send.ts',
    text: '{ newAttempts: attempts },',
    becomes: '{ newAttempts: attempts.slice(1) },',
    seeds: 60,
  },
  {
    name: 'what was undone is undone once more',
    file: 'src/orchestration/execution/compensate.ts',
    text: "if (!step.touched || step.waived === true || step.state === 'undone') return false;",
    becomes: 'if (!step.touched || step.waived === true || step.run > 4) return false;',
    seeds: 60,
  },
  {
    name: 'stages are undone first to last',
    file: 'src/orchestration/execution/compensate.ts',
    text: "draft.patch({ direction: 'undo', stage: Math.min(header.stage, draft.plan.stages.length - 1) });",
    becomes: "draft.patch({ direction: 'undo', stage: 0 });",
    seeds: 60,
  },
  {
    name: 'whoever asked for it may approve it',
    file: 'src/orchestration/execution/approval.ts',
    text: 'if (by.id === requestedBy.id)',
    becomes: 'if (by.id === `not ${requestedBy.id}`)',
    seeds: 150,
  },
  {
    name: 'an approval that comes too late counts',
    file: 'src/orchestration/execution/approval.ts',
    text: "return state === 'awaiting-approval' && approval !== undefined && expired(approval, draft.now);",
    becomes: "return state === 'paused' && approval !== undefined && expired(approval, draft.now);",
    seeds: 150,
  },
  {
    name: 'the data loss is the sampled lag without its age',
    file: 'src/orchestration/step/context.ts',
    text: 'seconds: sample.seconds + ageSeconds,',
    becomes: 'seconds: sample.seconds + 0 * ageSeconds,',
    seeds: 150,
  },
  {
    name: 'more data is given up than the plan allows, without asking',
    file: 'src/steps/sql-failover-group/route.ts',
    text: 'if (bound !== null && bound.seconds <= limit) return',
    becomes: 'if (bound === null || bound.seconds <= limit * 1_000_000) return',
    seeds: 100,
  },
  {
    name: 'after a long silence it goes on as if nothing had happened',
    file: 'src/orchestration/silence.ts',
    text: 'return secondsBetween(expectedAt, now) > SILENCE_SECONDS;',
    becomes: 'return secondsBetween(expectedAt, now) > SILENCE_SECONDS * 1_000;',
    seeds: 150,
  },
  {
    name: 'a validation that does not hold counts as passed',
    file: 'src/orchestration/step/verify.ts',
    text: 'if (!verification.holds) {',
    becomes: "if (!verification.holds && page.pinned.bound.effect === 'changes') {",
    seeds: 100,
  },
  {
    name: 'a call leaves no trace in the record',
    file: 'src/orchestration/step/send.ts',
    text: '[...lagEvent(call), sentEvent(page, call)]',
    becomes: '[...lagEvent(call), ...(call === calls[0] ? [] : [sentEvent(page, call)])]',
    seeds: 20,
  },
  {
    name: 'a lock outlives its execution',
    file: 'src/orchestration/execution/settle.ts',
    text: 'await deps.locks.release(plan, id);',
    becomes: 'await deps.locks.held();',
    seeds: 20,
  },
  {
    name: 'an execution whose orchestration is gone is left alone',
    file: 'src/orchestration/reaper.ts',
    text: "if (status === 'running') {",
    becomes: "if (status !== 'missing') {",
    seeds: 150,
  },
  {
    name: 'a rehearsal is not cleaned up',
    file: 'src/orchestration/execution/forward.ts',
    text: "if (isRehearsal(header)) beginCompensation(draft, 'The rehearsal is over.');",
    becomes: "if (isRehearsal(header)) end(draft, 'succeeded', 'The rehearsal is over.');",
    seeds: 150,
  },
  {
    name: 'a dry-run goes through with it',
    file: 'src/orchestration/execution/advance.ts',
    text: 'await (isReadOnly(draft.header()) ? reportDrill(draft) : preflight(draft));',
    becomes: "await (draft.header().level === 'validate' ? reportDrill(draft) : preflight(draft));",
    seeds: 60,
  },
  {
    name: 'a drill is begun again as long as its window is open',
    file: 'src/orchestration/drill/hold.ts',
    text: "idempotencyKey: `drill ${plan.name} ${level} ${begins}`,\n      },\n      door,\n    );\n    return { begins, is: 'begun' };",
    becomes:
      "idempotencyKey: `drill ${plan.name} ${level} ${line.now}`,\n      },\n      door,\n    );\n    return { begins, is: 'waiting' };",
    seeds: 150,
  },
];
