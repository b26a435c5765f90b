import type { Simulator } from '../index';

/** Passwords of the default office's users that the tests need. */
export const passwords = {
  'anna.rossi': 'Anna-101-demo',
  'ben.carter': 'Ben-102-demo',
  'chiara.greco': 'Perché-103-più',
  'sara.conti': 'Sara-104-demo',
  'luca.base': 'Luca-105-demo',
  'nina.none': 'Nina-000-demo',
  'sofia.sso': 'Sofia-106-demo',
  'otto.private': 'Otto-107-demo',
  'noah.nophone': 'Noah-000-demo',
  'auto.agent': 'Auto-109-demo',
  'tina.tapi': 'Tina-110-demo',
} as const;

export type Username = keyof typeof passwords;

/** An answer whose body is read: parsed where it is JSON, else text. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The header for a user and password, UTF-8. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** Sends one request as a user of the default office and reads the answer whole. */
export async function call(
  simulator: Pick<Simulator, 'apiUrl'>,
  method: string,
  path: string,
  options: {
    readonly as?: Username;
    readonly json?: unknown;
    readonly authorization?: string;
    readonly init?: RequestInit;
  } = {},
): Promise<Answer> {
  const user = options.as ?? 'anna.rossi';
  const response = await fetch(`${simulator.apiUrl}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      authorization: options.authorization ?? basic(user, passwords[user]),
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
    ...options.init,
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
