import type { Webhook } from './action-group.ts';

const PATIENCE_MS = 10_000;

/** An action group's call on the real network. */
export const webhookOverSockets: Webhook = async (url, body) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await response.body?.cancel();
  return response.status;
};
