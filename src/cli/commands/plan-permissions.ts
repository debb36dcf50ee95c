import { z } from 'zod';
import { rolesOf } from '../../steps/roles.ts';
import type { PlanRoles } from '../../steps/roles.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import { planIn } from '../plan-file.ts';
import { asBicep } from '../roles/bicep.ts';
import { asCommands } from '../roles/commands.ts';
import { looksLikeFile, noFile } from '../text-file.ts';

export const planPermissions = command({
  path: ['plan', 'permissions'],
  summary:
    "make the custom roles that each of the app's identities needs for a plan, and where they are given: as commands of the Azure CLI, as Bicep or as JSON",
  arguments: [{ name: 'source', about: 'a plan file (YAML), offline; or the name of a plan' }],
  options: [
    { flags: '--bicep', about: 'print a Bicep template, to be deployed to the subscription' },
    JSON_OPTION,
  ],
  input: z
    .object({
      source: z.string(),
      bicep: z.boolean().default(false),
      json: z.boolean().default(false),
    })
    .refine(({ bicep, json }) => !(bicep && json), {
      path: ['bicep'],
      error: 'not with --json, choose one',
    }),
  example: 'switchover plan permissions plans/websphere-cafe.yaml --bicep > rights.bicep',
  run: show,
});

interface Asked {
  readonly source: string;
  readonly bicep: boolean;
  readonly json: boolean;
}

async function show({ source, bicep, json }: Asked, context: CliContext): Promise<number> {
  const { terminal } = context;
  const roles = await rolesFrom(source, context);
  if (bicep) terminal.out(asBicep(roles).trimEnd());
  else if (json) terminal.out(JSON.stringify(roles));
  else terminal.out(roles.roles.flatMap(asCommands).join('\n'));
  for (const one of roles.byHand) terminal.talk(`Besides, for the watch: ${one}.`);
  return EXIT.done;
}

async function rolesFrom(source: string, { readFile, server }: CliContext): Promise<PlanRoles> {
  const text = await readFile(source);
  if (text !== null) return rolesOf(planIn(source, text));
  if (looksLikeFile(source)) throw noFile(source);
  return server().get<PlanRoles>(`/api/plans/${encodeURIComponent(source)}/permissions`);
}
