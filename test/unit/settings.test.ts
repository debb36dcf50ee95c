import { describe, expect, it } from 'vitest';
import { SwitchoverError } from '../../src/core/errors.ts';
import { parseSettings } from '../../src/settings.ts';

function refusal(environment: Record<string, string>): SwitchoverError {
  try {
    parseSettings(environment);
  } catch (error) {
    if (error instanceof SwitchoverError) return error;
    throw error;
  }
  throw new Error('The settings were taken.');
}

describe('the settings of the app', () => {
  it('have defaults for everything that a first deployment need not say', () => {
    expect(parseSettings({})).toEqual({
      AUTH: 'keys',
      AZURE_RESOURCE_MANAGER: 'https://management.azure.com',
      SWITCHOVER_PLANS: 'plans',
      SWITCHOVER_PUBLIC_RESOLVERS: '1.1.1.1,8.8.8.8',
      webhooks: {},
    });
  });

  it('take nothing else out of the environment', () => {
    const settings = parseSettings({ AUTH: 'entra', PATH: '/bin', AzureWebJobsStorage: 'secret' });
    expect(settings.AUTH).toBe('entra');
    expect(JSON.stringify(settings)).not.toContain('secret');
  });

  it('take an empty value for none, as the portal leaves them', () => {
    expect(parseSettings({ AUTH: '', SWITCHOVER_PROBE_PROXY: '' })).toEqual(parseSettings({}));
  });

  it.each([
    ['True', true],
    ['true', true],
    ['False', false],
    ['on', false],
  ])('take App Service at its word: WEBSITE_AUTH_ENABLED=%s', (value, isOn) => {
    expect(parseSettings({ WEBSITE_AUTH_ENABLED: value }).WEBSITE_AUTH_ENABLED).toBe(isOn);
  });

  it.each([
    ['AUTH', 'Entra'],
    ['AUTH', 'none'],
    ['AZURE_RESOURCE_MANAGER', 'management.azure.com'],
    ['AZURE_METRICS_ENDPOINT', 'eastus'],
    ['SWITCHOVER_PROBE_PROXY', 'proxy'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector.example.com'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'no-value'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'key=%zz'],
  ])('%s=%s is refused by name', (name, value) => {
    const { code, message } = refusal({ [name]: value });
    expect(code).toBe('SETTING_INVALID');
    expect(message).toContain(`${name}: `);
  });

  it('read the collector’s headers as OpenTelemetry writes them', () => {
    const { OTEL_EXPORTER_OTLP_HEADERS: headers } = parseSettings({
      OTEL_EXPORTER_OTLP_HEADERS: 'Api-Key=a%2Cb=, tenant = one',
    });
    expect(headers).toEqual({ 'api-key': 'a,b=', tenant: 'one' });
  });

  it('tell all that is wrong at once', () => {
    const { message } = refusal({ AUTH: 'none', SWITCHOVER_PROBE_PROXY: 'proxy' });
    expect(message).toContain('AUTH: ');
    expect(message).toContain('SWITCHOVER_PROBE_PROXY: ');
  });

  it('find the receivers of notifications by their prefix, each an address of its own', () => {
    const { webhooks } = parseSettings({
      SWITCHOVER_WEBHOOK_ON_CALL: 'https://hooks.example/a',
      SWITCHOVER_WEBHOOK_HERE: 'http://127.0.0.1:9/b',
      SWITCHOVER_WEBHOOK_NOBODY: '',
      webhooks: 'https://other.example/',
    });
    expect(webhooks).toEqual({ ON_CALL: 'https://hooks.example/a', HERE: 'http://127.0.0.1:9/b' });
  });

  it.each(['http://hooks.example/canary', 'canary', 'ftp://hooks.example/canary'])(
    'refuse the receiver %s by the name of its setting, without repeating the secret',
    (address) => {
      const { message } = refusal({ SWITCHOVER_WEBHOOK_ON_CALL: address });
      expect(message).toContain('SWITCHOVER_WEBHOOK_ON_CALL: must be an https address');
      expect(message).not.toContain('canary');
    },
  );
});
