/** What stands where something was removed. */
export const redacted = '[redacted]';

/**
 * Makes a function that removes the credentials of the `Authorization` header, in every form in which a server could
 * echo them, from a text of the server's.
 * @param authorization the header's value; asked for at each use, so that nothing secret is kept here
 */
export function createScrubber(authorization: () => string): (text: string) => string {
  return (text) => {
    const token = /^Basic\s+(\S+)$/i.exec(authorization())?.[1];
    if (token === undefined) return text;
    const pair = Buffer.from(token, 'base64').toString('utf8');
    const password = pair.slice(pair.indexOf(':') + 1);
    const secrets = [token, pair, password, encodeURIComponent(password)];
    // A password of one or two characters would take words apart without hiding anything.
    return secrets
      .filter((secret) => secret.length > 2)
      .reduce((clean, secret) => clean.replaceAll(secret, redacted), text);
  };
}
