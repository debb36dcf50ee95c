import { EXIT, Failure } from './failure.ts';
import { refusal } from './refusal.ts';

/** The app's HTTP API. Every method fails with a message that says what to do next. */
export interface Server {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  /** `unchanged` when the server still has what `etag` stands for. */
  getIfChanged<T>(path: string, etag: string | null): Promise<Tagged<T> | 'unchanged'>;
  getText(path: string, accept: string): Promise<string>;
  post<T>(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<T>;
  /** Sends a text; `headers` say of which type. */
  put<T>(path: string, text: string, headers: Readonly<Record<string, string>>): Promise<T>;
  delete<T>(path: string): Promise<T>;
}

export interface Tagged<T> {
  readonly body: T;
  readonly etag: string | null;
}

export interface Access {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly key: string | undefined;
}

/** Heard to its end: an app that dies may break off in the middle. */
interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMilliseconds?: number;
}

const TIMEOUT_MILLISECONDS = 30_000;
/** A plan that is sent is checked against Azure first. */
const CHECKED_MILLISECONDS = 120_000;

export function connect(access: Access): Server {
  const url = address(access);
  const credentials = credentialsOf(access, url);
  const send = async (path: string, sending: Sending): Promise<Heard> => {
    const { timeoutMilliseconds = TIMEOUT_MILLISECONDS, ...init } = sending;
    const headers = { accept: 'application/json', ...credentials, ...init.headers };
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    try {
      // A redirect is a sign-in page: following it would end in somebody's HTML.
      const response = await fetch(url + path, { ...init, headers, signal, redirect: 'manual' });
      const { status } = response;
      return { status, headers: response.headers, body: await response.text() };
    } catch (error) {
      throw unreachable(url, sending, error);
    }
  };
  const ask = async (path: string, init: Sending): Promise<Heard> => {
    const { status, headers, body } = await send(path, init);
    if ((status >= 200 && status < 300) || status === 304) return { status, headers, body };
    throw refusal({ url, status, body });
  };
  return {
    url,
    get: async (path) => decoded(await ask(path, {}), url),
    async getIfChanged(path, etag) {
      const headers = etag === null ? {} : { 'if-none-match': etag };
      const answer = await ask(path, { headers });
      if (answer.status === 304) return 'unchanged';
      return { body: decoded(answer, url), etag: answer.headers.get('etag') };
    },
    getText: async (path, accept) =>
      expected(await ask(path, { headers: { accept } }), accept, url),
    async post(path, body, headers = {}) {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-switchover': '1', ...headers },
        body: JSON.stringify(body),
      };
      return decoded(await ask(path, init), url);
    },
    async put(path, text, headers) {
      const init = {
        method: 'PUT',
        headers: { 'x-switchover': '1', ...headers },
        body: text,
        timeoutMilliseconds: CHECKED_MILLISECONDS,
      };
      return decoded(await ask(path, init), url);
    },
    async delete(path) {
      const init = { method: 'DELETE', headers: { 'x-switchover': '1' } };
      return decoded(await ask(path, init), url);
    },
  };
}

function address({ url }: Access): string {
  if (url === undefined || url === '') {
    throw new Failure(
      EXIT.usage,
      'SWITCHOVER_URL is not set. Set it to the address of the app, for example https://my-switchover.azurewebsites.net, and SWITCHOVER_TOKEN or SWITCHOVER_KEY beside it.',
    );
  }
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new Failure(EXIT.usage, `SWITCHOVER_URL is no http(s) address: ${url}`);
  }
  return url.replace(/\/+$/, '');
}

function credentialsOf({ token, key }: Access, url: string): Readonly<Record<string, string>> {
  const { protocol, hostname } = new URL(url);
  const secret = token ?? key;
  if (secret === undefined) return {};
  if (token !== undefined && key !== undefined) {
    throw new Failure(
      EXIT.usage,
      'Both SWITCHOVER_TOKEN and SWITCHOVER_KEY are set. Unset the one that this app does not use.',
    );
  }
  if (protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
    throw new Failure(
      EXIT.usage,
      `SWITCHOVER_URL is plain http: ${hostname} would get your credential in the clear. Use https.`,
    );
  }
  return token === undefined ? { 'x-functions-key': secret } : { authorization: `Bearer ${token}` };
}

/** The contract is src/functions/services.ts, for both sides: checked against it there, believed here. */
function decoded<T>(answer: Heard, url: string): T {
  return JSON.parse(expected(answer, 'application/json', url)) as T;
}

function expected({ headers, body }: Heard, type: string, url: string): string {
  const actual = headers.get('content-type')?.split(';')[0] ?? 'no content type';
  if (actual === type) return body;
  throw new Failure(
    EXIT.failed,
    `${url} answered with ${actual} instead of ${type}: a proxy or a sign-in page, not Switchover. Check SWITCHOVER_URL.`,
  );
}

function unreachable(
  url: string,
  { method = 'GET', timeoutMilliseconds = TIMEOUT_MILLISECONDS }: Sending,
  error: unknown,
): Failure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const why = timedOut ? `no answer within ${timeoutMilliseconds / 1000} s` : code;
  return new Failure(
    EXIT.failed,
    method === 'GET' || code === 'ECONNREFUSED' || code === 'ENOTFOUND'
      ? `Cannot reach ${url} (${why}). Is SWITCHOVER_URL right, and is the app up? Try ${url}/api/health.`
      : `No answer from ${url} (${why}): the order may have arrived all the same. Look before you repeat it: switchover executions`,
  );
}
