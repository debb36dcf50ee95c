import { describe, expect, it } from 'vitest';
import type { PipelineRequest } from '@azure/core-rest-pipeline';
import {
  errorOf,
  GROUP,
  never,
  onScript,
  refusal,
  type ScriptedAnswer,
  type Step,
} from './script.ts';

const PROFILE = `${GROUP}/providers/Microsoft.Network/trafficManagerProfiles/tm`;
const INTERFACE = `${GROUP}/providers/Microsoft.Network/networkInterfaces/ihs-nic`;
const ADDRESS = `${GROUP}/providers/Microsoft.Network/publicIPAddresses/ihs-ip`;

/** With what no model of an SDK knows, as the recordings have it. */
const ENDPOINT = {
  id: `${PROFILE}/externalEndpoints/old`,
  name: 'old',
  type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
  properties: {
    endpointStatus: 'Enabled',
    target: 'old.example',
    weight: 1,
    priority: 1,
    endpointLocation: null,
    NestedProfile: null,
  },
};

const NIC = {
  id: INTERFACE,
  name: 'ihs-nic',
  etag: 'W/"in-body"',
  location: 'eastus',
  properties: {
    somethingNew: { kept: true },
    ipConfigurations: [
      {
        name: 'ipconfig1',
        properties: { privateIPAddress: '10.0.0.4', publicIPAddress: { id: 'before' } },
      },
      { name: 'ipconfig2', properties: { publicIPAddress: { id: 'other' } } },
    ],
  },
};

function bodyOf(request: PipelineRequest | undefined): unknown {
  return JSON.parse(typeof request?.body === 'string' ? request.body : 'null');
}

describe('an endpoint of Traffic Manager', () => {
  const endpoint = { type: 'ExternalEndpoints', name: 'old' };

  it.each([
    [true, 'Enabled'],
    [false, 'Disabled'],
  ])('enabled %s: is written whole with only its status changed', (enabled, endpointStatus) =>
    onScript(
      [
        { status: 200, body: ENDPOINT },
        { status: 201, body: ENDPOINT },
      ],
      async ({ azure, sent }) => {
        const accepted = await azure.traffic.setEndpoint(PROFILE, endpoint, enabled, never);
        expect(accepted).toEqual({ status: 201 });
        expect(sent.map(({ method }) => method)).toEqual(['GET', 'PUT']);
        expect(new Set(sent.map(({ url }) => url))).toEqual(
          new Set([
            `https://management.azure.com${PROFILE}/ExternalEndpoints/old?api-version=2022-04-01`,
          ]),
        );
        expect(bodyOf(sent[1])).toEqual({
          ...ENDPOINT,
          properties: { ...ENDPOINT.properties, endpointStatus },
        });
      },
    )(),
  );

  it('a lost answer to the write is a lost change, and the write is not repeated', () =>
    onScript([{ status: 200, body: ENDPOINT }, { breaks: 'ECONNRESET' }], async ({ azure }) => {
      const error = await errorOf(azure.traffic.setEndpoint(PROFILE, endpoint, false, never));
      expect(error).toMatchObject({ effect: 'lost' });
      expect(error.message).toContain(
        'Disable trafficManagerProfiles/tm/ExternalEndpoints/old in cafe',
      );
    })());

  const unread: readonly [string, Step, Record<string, unknown>][] = [
    [
      'is never answered',
      { breaks: 'ECONNRESET' },
      { effect: 'refused', transient: true, code: 'ECONNRESET' },
    ],
    [
      'fails',
      { status: 500, body: refusal('InternalServerError') },
      { effect: 'refused', transient: true, status: 500 },
    ],
    [
      'is answered with a page',
      { status: 200, body: '<html>' },
      { effect: 'refused', transient: true },
    ],
    ['is answered with a list', { status: 200, body: [] }, { effect: 'refused', transient: true }],
    [
      'is refused',
      { status: 403, body: refusal('AuthorizationFailed') },
      { effect: 'refused', transient: false },
    ],
    [
      'finds nothing',
      { status: 404, body: refusal('ResourceNotFound') },
      { effect: 'refused', transient: false },
    ],
  ];
  it.each(unread)('when the read before %s, nothing was changed', (_name, step, meaning) =>
    onScript(Array<Step>(4).fill(step), async ({ azure, sent }) => {
      const error = await errorOf(azure.traffic.setEndpoint(PROFILE, endpoint, true, never));
      expect(error).toMatchObject(meaning);
      expect(sent.every(({ method }) => method === 'GET')).toBe(true);
    })(),
  );
});

describe('the address of a network interface', () => {
  const answers: readonly [ScriptedAnswer, ScriptedAnswer] = [
    { status: 200, headers: { etag: 'W/"1"' }, body: NIC },
    {
      status: 200,
      headers: {
        'azure-asyncoperation':
          'https://management.azure.com/subscriptions/s/operations/op-1?api-version=1',
      },
      body: NIC,
    },
  ];
  const [first, second] = NIC.properties.ipConfigurations;

  it.each([
    ['is associated', ADDRESS, { privateIPAddress: '10.0.0.4', publicIPAddress: { id: ADDRESS } }],
    ['is dissociated', null, { privateIPAddress: '10.0.0.4' }],
  ])('%s: written whole, unless somebody else has written since', (_name, address, properties) =>
    onScript(answers, async ({ azure, sent }) => {
      const accepted = await azure.network.setPublicAddress(INTERFACE, 'IPCONFIG1', address, never);
      expect(accepted.operation).toMatchObject({ name: 'op-1' });
      expect(sent.map(({ method }) => method)).toEqual(['GET', 'PUT']);
      expect(sent[1]?.headers.get('if-match')).toBe('W/"1"');
      expect(bodyOf(sent[1])).toEqual({
        ...NIC,
        properties: { ...NIC.properties, ipConfigurations: [{ ...first, properties }, second] },
      });
    })(),
  );

  it('uses the ETag in the body when no header has one', () =>
    onScript([{ status: 200, body: NIC }, answers[1]], async ({ azure, sent }) => {
      await azure.network.setPublicAddress(INTERFACE, 'ipconfig1', null, never);
      expect(sent[1]?.headers.get('if-match')).toBe('W/"in-body"');
    })());

  it('is not written when the configuration does not exist', () =>
    onScript([answers[0]], async ({ azure }) => {
      const error = await errorOf(
        azure.network.setPublicAddress(INTERFACE, 'ipconfig9', ADDRESS, never),
      );
      expect(error).toMatchObject({
        effect: 'refused',
        transient: false,
        code: 'IpConfigurationNotFound',
      });
    })());
});
