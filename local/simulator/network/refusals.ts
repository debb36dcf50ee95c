import { sameResource } from '../../../src/core/resource-id.ts';
import { errorResponse } from '../errors.ts';
import type { WireResponse } from '../service.ts';
import type { IpConfiguration, Networks, SimulatedInterface } from './addresses.ts';
import { etagOf } from './wire.ts';

/** The answer that refuses a change of an interface; null when it may go on. */
export function refusalOfChange(
  networks: Networks,
  found: SimulatedInterface,
  wanted: readonly IpConfiguration[],
  ifMatch: string | undefined,
): WireResponse | null {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(found)) {
    return errorResponse(
      412,
      'PreconditionFailed',
      'Precondition failed. The ETag given does not match the resource.',
    );
  }
  if (found.updating) {
    return errorResponse(
      429,
      'RetryableErrorDueToAnotherOperation',
      `Operation on resource ${found.id} failed because another operation on it is in progress. Please retry later.`,
      { 'Retry-After': '10' },
    );
  }
  for (const { publicAddressId } of wanted) {
    const refusal = publicAddressId && refusalOfAddress(networks, found, publicAddressId);
    if (refusal) return refusal;
  }
  return null;
}

function refusalOfAddress(
  networks: Networks,
  { id, location }: SimulatedInterface,
  addressId: string,
): WireResponse | null {
  const address = networks.address(addressId);
  if (address === null) {
    const message = `Resource ${addressId} referenced by resource ${id} was not found.`;
    return errorResponse(400, 'InvalidResourceReference', message);
  }
  if (address.location !== location) {
    const message = `Resource ${addressId} is in ${address.location}, and ${id} is in ${location}.`;
    return errorResponse(400, 'InvalidResourceReference', message);
  }
  const holder = networks.holder(addressId);
  if (holder === null || sameResource(holder.interface.id, id)) return null;
  return errorResponse(
    400,
    'PublicIPAddressInUse',
    `Resource ${id} is referencing public IP address ${addressId} that is already allocated to resource ${holder.interface.id}/ipConfigurations/${holder.configuration}.`,
  );
}
