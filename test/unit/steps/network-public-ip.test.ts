import { beforeEach, describe, expect, it } from 'vitest';
import { networkPublicIp as kind } from '../../../src/steps/network-public-ip/index.ts';
import { createFakeAzure } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { run, stepContext, stillClock } from '../../fakes/step.ts';
import type { Run } from '../../fakes/step.ts';

const group = '/subscriptions/s/resourceGroups/west';
const nic = (name: string): string =>
  `${group}/providers/Microsoft.Network/networkInterfaces/${name}`;
const ip = (name: string): string =>
  `${group}/providers/Microsoft.Network/publicIPAddresses/${name}`;
const settings = {
  group,
  attach: [
    { interfacePrefix: 'dmgr', configuration: 'ipconfig1', address: ip('dmgr-ip') },
    { interfacePrefix: 'ihs', configuration: 'ipconfig1', address: ip('ihs-ip') },
  ],
};

let azure: FakeAzure;

beforeEach(() => {
  azure = createFakeAzure();
  address('dmgr-ip');
  address('ihs-ip');
});

function address(name: string, attachedTo: string | null = null): void {
  azure.addresses.set(ip(name), {
    id: ip(name),
    address: '10.0.0.1',
    fqdn: `${name}.example`,
    attachedTo,
    location: 'westus',
  });
}

function card(
  name: string,
  publicAddressId: string | null = null,
  machineId: string | null = 'vm',
): void {
  azure.interfaces.set(nic(name), {
    id: nic(name),
    name,
    location: 'westus',
    machineId,
    configurations: [{ name: 'ipconfig1', publicAddressId, subnetId: null }],
  });
  if (publicAddressId !== null)
    address(publicAddressId.split('/').at(-1)!, `${nic(name)}/ipConfigurations/ipconfig1`);
}

const forward = (): Promise<Run> => run(kind.forward, stepContext(azure, stillClock()), settings);

describe('network/public-ip', () => {
  it('attaches each address to the interface whose name begins as said, and proves where it answers', async () => {
    card('DMGR-nic-1a2b');
    card('ihs-nic-3c4d');
    expect(await forward()).toMatchObject({
      end: 'holds',
      verification: {
        proof: { addresses: [{ name: 'dmgr-ip.example' }, { name: 'ihs-ip.example' }] },
      },
    });
    expect(azure.sent).toEqual(['set DMGR-nic-1a2b dmgr-ip', 'set ihs-nic-3c4d ihs-ip']);
  });

  it('attaches only what is missing and adopts the rest', async () => {
    card('dmgr-nic', ip('dmgr-ip'));
    card('ihs-nic');
    await forward();
    expect(azure.sent).toEqual(['set ihs-nic ihs-ip']);
  });

  it('waits while the restored interfaces are not listed yet', async () => {
    expect(await forward()).toMatchObject({ end: 'waits', seen: [{ goal: 'blocked' }] });
  });

  it('prefers an interface that belongs to a machine to one that an earlier failover left behind', async () => {
    card('dmgr-nic-old', null, null);
    card('dmgr-nic-new');
    card('ihs-nic');
    await forward();
    expect(azure.sent).toContain('set dmgr-nic-new dmgr-ip');
  });

  it.each<[string, () => void]>([
    ['is attached to', () => address('dmgr-ip', `${nic('other')}/ipConfigurations/ipconfig1`)],
    ['does not exist', () => azure.addresses.delete(ip('ihs-ip'))],
    ['several network interfaces begin with ihs', () => card('ihs-nic-2')],
    ['already has other-ip', () => card('ihs-nic', ip('other-ip'))],
  ])('refuses without a call when an address or interface %s', async (why, happen) => {
    card('dmgr-nic');
    card('ihs-nic');
    happen();
    expect(await forward()).toMatchObject({
      end: 'refused',
      sentence: expect.stringContaining(why) as string,
    });
    expect(azure.sent).toEqual([]);
  });

  it('is undone by detaching only what this execution attached', async () => {
    card('dmgr-nic', ip('dmgr-ip'));
    card('ihs-nic');
    const { before } = await forward();
    azure.sent.length = 0;
    const end = await run(kind.undo!, stepContext(azure, stillClock(), { before }), settings);
    expect(end.end).toBe('holds');
    expect(azure.sent).toEqual(['set ihs-nic none']);
    expect(azure.addresses.get(ip('ihs-ip'))!.attachedTo).toBeNull();
  });

  it('detaches nothing when it is not known what was attached before', async () => {
    card('dmgr-nic', ip('dmgr-ip'));
    card('ihs-nic', ip('ihs-ip'));
    await run(kind.undo!, stepContext(azure, stillClock(), { before: null }), settings);
    expect(azure.sent).toEqual([]);
  });

  it('checks at rest that the addresses exist and are free', async () => {
    const problems = async (): Promise<string[]> =>
      (await kind.check(stepContext(azure, stillClock()), settings)).map(({ problem }) => problem);
    expect(await problems()).toEqual([]);
    azure.addresses.delete(ip('dmgr-ip'));
    address(
      'ihs-ip',
      '/subscriptions/s/resourceGroups/other/providers/Microsoft.Network/networkInterfaces/x',
    );
    expect(await problems()).toEqual([
      'the public IP address does not exist',
      expect.stringContaining('outside'),
    ]);
  });
});
