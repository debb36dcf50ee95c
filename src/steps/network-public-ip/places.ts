import { z } from 'zod';
import type { NetworkInterface, PublicAddress } from '../../azure/access.ts';
import type { JsonObject } from '../../core/json.ts';
import { resourceName, sameResource } from '../../core/resource-id.ts';
import type { Call, StepContext } from '../contract.ts';
import { sentBy } from '../operation.ts';
import type { Attachment, Settings } from './settings.ts';

/** One address and the interface on which it belongs. */
export interface Place {
  readonly wanted: Attachment;
  readonly is: 'attached' | 'free' | 'absent' | 'impossible';
  readonly interfaceId: string | null;
  readonly address: PublicAddress | null;
  readonly sentence: string;
}

export async function lookAtPlaces(
  context: StepContext,
  { group, attach }: Settings,
): Promise<readonly Place[]> {
  const [interfaces, addresses] = await Promise.all([
    context.azure.network.interfaces(group),
    Promise.all(attach.map(({ address }) => context.azure.network.publicAddress(address))),
  ]);
  return attach.map((wanted, index) => placeOf(wanted, interfaces, addresses[index] ?? null));
}

function placeOf(
  wanted: Attachment,
  interfaces: readonly NetworkInterface[],
  address: PublicAddress | null,
): Place {
  const of = (is: Place['is'], sentence: string, found?: NetworkInterface): Place => ({
    wanted,
    is,
    sentence,
    address,
    interfaceId: found?.id ?? null,
  });
  const name = resourceName(wanted.address);
  if (address === null)
    return of('impossible', `public IP address ${wanted.address} does not exist`);
  const [found, ...more] = candidates(wanted, interfaces);
  if (found === undefined)
    return of('absent', `no network interface begins with ${wanted.interfacePrefix}`);
  if (more.length > 0) {
    const names = [found, ...more].map((one) => one.name).join(', ');
    return of(
      'impossible',
      `several network interfaces begin with ${wanted.interfacePrefix}: ${names}`,
    );
  }
  const configuration = found.configurations.find((one) => one.name === wanted.configuration);
  if (configuration === undefined) {
    return of('impossible', `${found.name} has no IP configuration ${wanted.configuration}`, found);
  }
  const holds = configuration.publicAddressId;
  if (holds !== null && sameResource(holds, wanted.address)) {
    return of('attached', `${name} is attached to ${found.name}`, found);
  }
  if (holds !== null)
    return of('impossible', `${found.name} already has ${resourceName(holds)}`, found);
  if (address.attachedTo !== null) {
    return of('impossible', `${name} is attached to ${address.attachedTo}`, found);
  }
  return of('free', `${name} is not attached to ${found.name} yet`, found);
}

/** Interfaces that an earlier failover left behind belong to no machine. */
function candidates(
  { interfacePrefix }: Attachment,
  interfaces: readonly NetworkInterface[],
): readonly NetworkInterface[] {
  const prefix = interfacePrefix.toLowerCase();
  const named = interfaces.filter(({ name }) => name.toLowerCase().startsWith(prefix));
  const used = named.filter(({ machineId }) => machineId !== null);
  return used.length > 0 ? used : named;
}

export function words(places: readonly Place[]): string {
  return `${places.map(({ sentence }) => sentence).join('; ')}.`;
}

const facts = z.object({ attached: z.record(z.string(), z.boolean()) });

export function factsOf(places: readonly Place[]): JsonObject {
  return {
    attached: Object.fromEntries(
      places.map(({ wanted, is }) => [wanted.interfacePrefix, is === 'attached']),
    ),
  };
}

/** Whether the address was attached before this execution; true also when that was never seen: then it is not ours. */
export function wasAttached(before: JsonObject | null, { wanted }: Place): boolean {
  return facts.safeParse(before).data?.attached[wanted.interfacePrefix] ?? true;
}

export function setAddress(context: StepContext, place: Place, attach: boolean): Call {
  const { interfacePrefix, configuration, address } = place.wanted;
  const name = `${attach ? 'attach' : 'detach'}:${interfacePrefix}`;
  const { interfaceId } = place;
  if (interfaceId === null) throw new Error(`${name} has no interface to write to.`);
  return {
    name,
    sentence: `PUT ${resourceName(interfaceId)} ${attach ? 'with' : 'without'} public address ${resourceName(address)}`,
    send: async (signal) =>
      sentBy(
        name,
        await context.azure.network.setPublicAddress(
          interfaceId,
          configuration,
          attach ? address : null,
          signal,
        ),
      ),
  };
}
