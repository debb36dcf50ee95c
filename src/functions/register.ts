import { app } from '@azure/functions';
import type {
  HttpMethod,
  HttpRequest,
  HttpResponseInit,
  InvocationContext,
} from '@azure/functions';
import * as df from 'durable-functions';
import { doorOf } from './durable-door.ts';
import { isOpen, respond } from './http/route.ts';
import { ROUTES } from './routes.ts';
import type { Services } from './services.ts';

/** The host would answer an unregistered method with a bare 404; we want to say which methods there are. */
const EVERY_METHOD: HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Registers every HTTP function. Where people sign in, the platform checks them; otherwise the host checks the key. */
export function registerRoutes(services: Services): void {
  for (const route of ROUTES) {
    app.http(route.name, {
      route: route.path,
      methods: EVERY_METHOD,
      authLevel: services.access.by === 'keys' && !isOpen(route) ? 'function' : 'anonymous',
      extraInputs: route.durable === true ? [df.input.durableClient()] : [],
      handler: (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> =>
        respond(route, request, {
          services,
          door: () => doorOf(context),
          report: (message, error) => context.error(message, error),
        }),
    });
  }
}
