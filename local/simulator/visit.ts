import { instant } from '../../src/core/clock.ts';
import { canonicalId } from '../../src/core/resource-id.ts';
import type { CafeClients } from './cafe/clients.ts';
import { OF_REQUESTS } from './faults.ts';
import { faultResponse, LATE_SECONDS, type Inbound } from './gateway.ts';
import type { Journal } from './journal.ts';
import type { Fault, WireResponse, World } from './service.ts';

/** What a client experiences of any host of the simulated internet. */
export type Answer =
  | {
      readonly is: 'answer';
      readonly response: WireResponse;
      /** It comes so much later than usual. */
      readonly lateSeconds?: number;
    }
  | { readonly is: 'broken' | 'silent' | 'refused' | 'unknown-name' };

export interface VisitParts {
  readonly world: World;
  readonly clients: CafeClients;
  readonly journal: Journal;
}

/** A request to a host that is not Azure's. Its faults are `cafe/get` and `cafe/post`, its resource is host and path. */
export function visit(parts: VisitParts, inbound: Inbound): Answer {
  const { world, journal } = parts;
  world.catchUp();
  const { method, url } = inbound;
  const path = canonicalId(`${url.host}${url.pathname}`);
  const operation = `cafe/${method.toLowerCase()}`;
  const fault = world.takeFault(operation, path, OF_REQUESTS);
  const answer = serve(parts, inbound, fault);
  const heard = heardOf(answer, fault);
  journal.add({
    at: instant(world.clock.now()),
    door: 'web',
    method,
    path,
    operation,
    action: null,
    caller: null,
    mutating: method !== 'GET',
    status: heard.is === 'answer' ? heard.response.status : null,
    code: null,
    correlationId: world.newId(),
    effect: answer.is === 'answer' ? (answer.response.effect ?? null) : null,
  });
  return heard;
}

function heardOf(answer: Answer, fault: Fault | null): Answer {
  if (fault?.kind === 'lose-reply') return { is: 'silent' };
  return fault?.kind === 'slow-reply' && answer.is === 'answer'
    ? { ...answer, lateSeconds: fault.delaySeconds ?? LATE_SECONDS }
    : answer;
}

function serve({ clients }: VisitParts, inbound: Inbound, fault: Fault | null): Answer {
  if (fault?.kind === 'fail-before' || fault?.kind === 'arrive-late') return { is: 'broken' };
  if (fault?.kind === 'respond') return { is: 'answer', response: faultResponse(fault) };
  const { url, method, body } = inbound;
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const answer = clients.request(url.hostname, port, secure, { method, path: url.pathname, body });
  if (answer === 'unknown-name') return { is: 'unknown-name' };
  return fault === null ? clients.hear(answer) : answer;
}
