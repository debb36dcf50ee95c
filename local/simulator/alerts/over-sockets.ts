import type { Webhook } from './action-group.ts';

const PATIENCE_MS = 10_000;

/**
 * An action group's call on the real network. What stands before the @ of an address is how the group signs in there,
 * as it does with a secure webhook: `http://local:automation@127.0.0.1:7071/api/alerts`.
 */
export const webhookOverSockets: Webhook = async (url, body) => {
  const address = new URL(url);
  const token = [address.username, address.password].filter(Boolean).join(':');
  [address.username, address.password] = ['', ''];
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await response.body?.cancel();
  return response.status;
};
