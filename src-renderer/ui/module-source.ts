/** A module that is fetched when it is first needed. */
export interface ModuleSource<Module> {
  /**
   * Fetches the module; answers the same promise until a failed one is forgotten, as React's `use` needs it.
   * Rejects with a {@link LoadError}.
   */
  get(): Promise<Module>;
  /** The module where it is there already; null otherwise. */
  loaded(): Module | null;
  /** Drops a fetch that has failed, so that the next `get` fetches anew. */
  forget(): void;
}

/** A module that could not be fetched, or that threw while it was evaluated. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}

/** The address in the one `import()` of a function's source, as the bundler has left it; null where there is none. */
function importedAddress(load: () => unknown): string | null {
  return /\bimport\(\s*(["'`])([^"'`]+)\1/u.exec(load.toString())?.[2] ?? null;
}

/**
 * Makes the source of a module.
 * @param load `() => import('./module')`; the module must share no file with others that are not loaded already, because
 * only its own address is made fresh
 * @param baseAddress `import.meta.url` of the file that holds `load`
 * @param importFrom imports from an address; a real import unless given
 */
export function createModuleSource<Module>(
  load: () => Promise<Module>,
  baseAddress: string,
  importFrom: (address: string) => Promise<unknown> = (address) =>
    // The address is that of `load`, whose import is a plain text.
    // eslint-disable-next-line no-restricted-syntax
    import(/* @vite-ignore */ address),
): ModuleSource<Module> {
  let fetches = 0;
  let loaded: Module | null = null;
  let current: { readonly module: Promise<Module>; failed: boolean } | null = null;

  const fetchModule = async (): Promise<Module> => {
    fetches += 1;
    const address = importedAddress(load);
    try {
      if (fetches === 1 || address === null) return await load();
      // Chromium keeps the failure of an address for as long as the page lives: another one is needed.
      const fresh = new URL(address, baseAddress);
      fresh.searchParams.set('fetch', String(fetches));
      return (await importFrom(fresh.href)) as Module;
    } catch (error) {
      throw new LoadError('a module could not be loaded', { cause: error });
    }
  };

  return {
    get: () => {
      if (current === null) {
        const started = { module: fetchModule(), failed: false };
        started.module.then(
          (module) => {
            loaded = module;
          },
          () => {
            started.failed = true;
          },
        );
        current = started;
      }
      return current.module;
    },
    loaded: () => loaded,
    forget: () => {
      if (current?.failed === true) current = null;
    },
  };
}
