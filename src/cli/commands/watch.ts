import { z } from 'zod';
import type { WatchReport } from '../../functions/services.ts';
import { columns } from '../columns.ts';
import { JSON_OPTION, REASON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

const json = z.boolean().default(false);
const NAME = { name: 'name', about: 'name of the plan' };

export const planWatch = command({
  path: ['watch'],
  summary: 'show what the watch sees of a plan, what it makes of it, and what keeps it from acting',
  arguments: [NAME],
  options: [{ flags: '--all', about: 'every explanation that is kept' }, JSON_OPTION],
  input: z.object({ name: z.string(), all: z.boolean().default(false), json }),
  example: 'switchover watch websphere-cafe',
  run: async ({ name, all, json: asJson }, { server, terminal }) => {
    const report = await server().get<WatchReport>(`/api/plans/${encodeURIComponent(name)}/watch`);
    if (asJson) terminal.out(JSON.stringify(report));
    else terminal.out(lines(report, all, terminal).join('\n'));
    return EXIT.done;
  },
});

export const planCooldown = command({
  path: ['plan', 'cooldown'],
  summary: "lift a plan's cool-down, so that a failover may start by itself again",
  arguments: [NAME],
  options: [{ flags: '--lift', about: 'end it now', required: true }, REASON_OPTION, JSON_OPTION],
  input: z.object({ name: z.string(), lift: z.literal(true), reason: z.string().min(1), json }),
  example: 'switchover plan cooldown websphere-cafe --lift --reason "East US is stable again"',
  run: lift,
});

async function lift(
  { name, reason, json: asJson }: { name: string; reason: string; json: boolean },
  { server, terminal }: CliContext,
): Promise<number> {
  const path = `/api/plans/${encodeURIComponent(name)}/cooldown`;
  const report = await server().post<WatchReport>(path, { lift: true, reason });
  if (asJson) terminal.out(JSON.stringify(report));
  else terminal.out(restraintLines(report).join('\n'));
  return EXIT.done;
}

/** As many as fit on a screen beside the rest. */
const SHOWN = 10;

function lines(report: WatchReport, all: boolean, { colors }: Terminal): string[] {
  const { plan, active, action, verdict, since, lookedAt, explanations } = report;
  if (action === 'none')
    return [`${plan} serves from ${active}. Nothing is watched: the plan has no watch section.`];
  return [
    `${colors.bold(plan)}  ${verdict?.sentence ?? 'Nobody has looked yet.'}`,
    ...(since === null ? [] : [`  so since ${since}, last written down at ${lookedAt ?? ''}`]),
    ...(verdict?.because ?? []).map((line) => `  ${line}`),
    '',
    `${colors.bold('When a site fails')}  ${ACTIONS[action]}`,
    ...restraintLines(report).map((line) => `  ${line}`),
    '',
    colors.bold('What the looks came to'),
    ...columns(
      (all ? explanations : explanations.slice(0, SHOWN)).map(
        ({ at, is, sentence, restraints, did }) => [
          `  ${at}`,
          is,
          [sentence, ...restraints, ...(did === null ? [] : [did])].join(' '),
        ],
      ),
    ),
  ];
}

const ACTIONS = {
  notify: 'it only says so',
  ask: 'it prepares a failover, which waits for people to agree',
  act: 'it starts a failover by itself',
} as const;

function restraintLines({ restraints }: WatchReport): string[] {
  return restraints.length === 0
    ? ['Nothing keeps it from that.']
    : restraints.map(({ sentence }) => sentence);
}
