/** What a server says of itself. */
export interface Fingerprint {
  note(headers: Readonly<Record<string, string>>): void;
  current(): string | null;
}

// Names that IIS, ASP.NET and Kestrel use for their versions.
const names = ['server', 'x-powered-by', 'x-aspnet-version', 'x-aspnetmvc-version', 'x-product-version'];

/** Keeps the newest words of a server about itself; answers without any leave them as they are. */
export function createFingerprint(): Fingerprint {
  let newest: string | null = null;
  return {
    note: (headers) => {
      // A page in HTML is likelier to come from something in between.
      if (/html/i.test(headers['content-type'] ?? '')) return;
      const words = names.flatMap((name) => {
        const value = headers[name];
        return value === undefined ? [] : [`${name}=${value}`];
      });
      if (words.length > 0) newest = words.join('; ').slice(0, 500);
    },
    current: () => newest,
  };
}
