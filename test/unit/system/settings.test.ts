import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../src/settings.ts';
import { systemPlatform } from '../../../src/system/platform.ts';
import { storageSetting } from '../../../src/system/storage.ts';

describe('name servers in the settings', () => {
  it.each(['192.0.2.1', '192.0.2.1:5353', '2001:db8::1', '[2001:db8::1]:5353'])(
    'are taken as addresses: %s',
    (server) => {
      expect(parseSettings({ SWITCHOVER_RESOLVER: server }).SWITCHOVER_RESOLVER).toBe(server);
      const list = `${server}, 8.8.8.8`;
      expect(parseSettings({ SWITCHOVER_PUBLIC_RESOLVERS: list }).SWITCHOVER_PUBLIC_RESOLVERS).toBe(
        list,
      );
    },
  );

  it.each([
    'ns1.example',
    '192.0.2',
    '192.0.2.1:0',
    '192.0.2.1:99999',
    '[192.0.2.1]:53',
    '1.1.1.1,',
  ])('are refused at the start, and not when a failover is about to be proven: %s', (server) => {
    expect(() => parseSettings({ SWITCHOVER_RESOLVER: server })).toThrow(/SWITCHOVER_RESOLVER/);
    expect(() => parseSettings({ SWITCHOVER_PUBLIC_RESOLVERS: server })).toThrow(
      /SWITCHOVER_PUBLIC_RESOLVERS: must be IP addresses/,
    );
  });
});

const HOST = 'AzureWebJobsStorage';
const KEY = 'DefaultEndpointsProtocol=http;AccountName=one';

describe('where the records are kept', () => {
  it.each<[string, Record<string, string>, string | undefined, string | null]>([
    ['what the app is told', { [HOST]: KEY }, 'https://own.example', 'https://own.example'],
    [
      "the host's address of this very service",
      { [`${HOST}__tableServiceUri`]: 'https://t', [`${HOST}__blobServiceUri`]: 'https://b' },
      undefined,
      'https://t',
    ],
    ["the host's connection string", { [HOST]: KEY }, undefined, KEY],
    [
      "the host's account by name",
      { [`${HOST}__accountName`]: 'witness', [HOST]: '' },
      undefined,
      'https://witness.table.core.windows.net',
    ],
    ['nowhere, when nothing is said', { [HOST]: '' }, undefined, null],
    [
      'nowhere, when only another service is said',
      { [`${HOST}__blobServiceUri`]: 'https://b' },
      undefined,
      null,
    ],
  ])('is %s', (_what, environment, own, expected) => {
    expect(storageSetting(environment, own, 'table')).toBe(expected);
  });

  it('is asked for by the name of the setting when nobody has said it', () => {
    expect(() => systemPlatform({ SWITCHOVER_TABLES: 'https://t.example' })).toThrow(
      /Set SWITCHOVER_BLOBS to the address of a storage account, or AzureWebJobsStorage/,
    );
  });
});
