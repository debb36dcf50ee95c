import { z } from 'zod';
import { SwitchoverError } from '../core/errors.ts';
import { YAML_TYPE, readQuery, readYamlText } from './http/body.ts';
import { json } from './http/exchange.ts';
import type { WebAnswer, WebRequest } from './http/exchange.ts';
import { reason } from './http/reason.ts';
import { parameter } from './http/route.ts';
import type { Call, Operation, Route } from './http/route.ts';

const pushQuery = z.strictObject({ reason, despite: z.literal('findings').optional() });
const retireQuery = z.strictObject({ reason });
const versionNumber = z.union([z.literal('newest'), z.coerce.number().int().min(1)]);

/** The largest plan that anybody should have to read at night is a tenth of this. */
const PLAN_LIMIT_BYTES = 256 * 1024;

export const pushing: Operation = {
  deed: 'push plans',
  summary: 'Pushes a plan',
  answers:
    '`{plan, version, unchanged, findings, running}`, and `ETag`; a text with errors, and a plan that could not be run now, are refused with every finding',
  query: pushQuery,
  text: YAML_TYPE,
  headers: {
    'If-Match':
      'The `ETag` of the version that this one follows: refused when there is a newer one.',
    'If-None-Match': '`*`: refused when there is a plan of that name.',
  },
  handle: push,
};

export const retiring: Operation = {
  deed: 'retire plans',
  summary: 'Retires a plan',
  answers:
    'the version that ends it: it is not watched, drilled or started any more; refused while an execution of it is under way',
  query: retireQuery,
  handle: retire,
};

export const versionRoutes: readonly Route[] = [
  {
    name: 'plan-versions',
    path: 'api/plans/{name}/versions',
    methods: {
      GET: {
        deed: 'read',
        summary: "Lists a plan's versions",
        answers:
          '`{versions: [...]}`, newest first: number, hash, who, when, why; none of a plan that was never pushed',
        handle: listVersions,
      },
    },
  },
  {
    name: 'plan-version',
    path: 'api/plans/{name}/versions/{number}',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Shows one version of a plan',
        answers: 'the version with its `text` as it was written, and `ETag`',
        handle: showVersion,
      },
    },
  },
];

async function push({ request, services, by }: Call): Promise<WebAnswer> {
  const { reason: why, despite } = readQuery(request, pushQuery);
  const base = baseOf(request);
  const text = await readYamlText(request, PLAN_LIMIT_BYTES);
  const name = parameter(request, 'name');
  const pushed = await services.plans.push({
    ...{ name, text, by, reason: why, base },
    despite: despite !== undefined,
  });
  return json(200, pushed, { etag: tagOf(pushed.version.number) });
}

async function retire({ request, services, by }: Call): Promise<WebAnswer> {
  const { reason: why } = readQuery(request, retireQuery);
  const name = parameter(request, 'name');
  return json(200, await services.plans.retire({ name, by, reason: why }));
}

async function listVersions({ request, services }: Call): Promise<WebAnswer> {
  const name = parameter(request, 'name');
  return json(200, { versions: await services.plans.versions(name) });
}

async function showVersion({ request, services }: Call): Promise<WebAnswer> {
  const name = parameter(request, 'name');
  const number = versionNumber.safeParse(parameter(request, 'number'));
  const version = number.success ? await services.plans.version(name, number.data) : null;
  if (version !== null) return json(200, version, { etag: tagOf(version.number) });
  throw new SwitchoverError(
    'PLAN_UNKNOWN',
    `There is no such version of a plan named ${name}. List them: switchover plan history ${name}`,
  );
}

function tagOf(number: number): string {
  return `"${number}"`;
}

/** Which version the pushed one follows: 0 for none, undefined when it is not said. */
function baseOf({ headers }: WebRequest): number | undefined {
  if (headers.get('if-none-match')?.trim() === '*') return 0;
  const tag = headers.get('if-match');
  if (tag === null) return undefined;
  const [, number] = /^"(\d{1,9})"$/.exec(tag.trim()) ?? [];
  if (number !== undefined) return Number(number);
  throw new SwitchoverError(
    'REQUEST_INVALID',
    'if-match: give the ETag of one version, for example "7".',
  );
}
