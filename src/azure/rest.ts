import type { JsonObject } from '../core/json.ts';
import type { Rest } from './access.ts';
import type { Parts } from './parts.ts';
import { orNull } from './read.ts';
import { encodedPath } from './resource.ts';

/** Any operation of Resource Manager, for what has no port of its own. */
export function createRest({ arm }: Pick<Parts, 'arm'>): Rest {
  return {
    get: (path, apiVersion) =>
      orNull(
        arm.read(`GET ${path}`, address(path, apiVersion)).then(({ body }): JsonObject => body),
      ),
    change: ({ method, path, apiVersion, body }, signal) => {
      const change = { method, path: address(path, apiVersion), ...(body && { body }) };
      return arm.change(`${method} ${path}`, change, signal);
    },
  };
}

function address(path: string, apiVersion: string): string {
  return `${encodedPath(path)}?api-version=${encodeURIComponent(apiVersion)}`;
}
