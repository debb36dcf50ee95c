import { addressName } from '../network/addresses.ts';
import type { Networks } from '../network/addresses.ts';
import { NO_NAME } from './zone.ts';
import type { Zone } from './zone.ts';

/** Not recorded; the labels of public addresses are published with a short life. */
const TTL = 10;

/** The DNS labels of public addresses: `ihs-cafe.eastus.cloudapp.azure.com`. They resolve whatever is behind them. */
export function cloudAppZone(networks: Pick<Networks, 'addressByName'>): Zone {
  return (name) => {
    if (!name.endsWith('.cloudapp.azure.com')) return null;
    const found = networks.addressByName(name);
    if (found === null) return NO_NAME;
    return {
      rcode: 'NOERROR',
      records: [{ type: 'A', name: addressName(found), ttl: TTL, data: found.address }],
    };
  };
}
