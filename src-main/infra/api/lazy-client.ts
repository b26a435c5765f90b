import { fail } from '@shared/domain/errors';
import type { Disposable } from '../../core/ports/clock';
import type { RecorderApi } from '../../core/ports/api';
import { callApi, mapApiCalls } from '../../core/ports/api-calls';
import { loadOnce } from '../load-once';

/**
 * The API behind a client that is still being loaded: the HTTP library would delay the tray icon.
 * @param load called at the first request, and by the next one where it failed
 */
export function createLazyApi(load: () => Promise<RecorderApi & Disposable>): RecorderApi & Disposable {
  const loading = loadOnce(load);
  let loaded: (RecorderApi & Disposable) | null = null;
  let disposed = false;

  const client = async (): Promise<RecorderApi & Disposable> => {
    loaded = await loading();
    if (disposed) loaded.dispose();
    return loaded;
  };

  const calls = mapApiCalls((name, { operation }) => async (...args) => {
    if (disposed && loaded === null) return fail('signed-out', operation);
    let api: RecorderApi;
    try {
      api = await client();
    } catch {
      return fail('internal', operation);
    }
    return callApi(api, name, args);
  });

  return {
    ...calls,
    fingerprint: () => loaded?.fingerprint() ?? null,
    dropIdleConnections: async () => {
      // What was never loaded has no connections.
      await loaded?.dropIdleConnections();
    },
    dispose: () => {
      disposed = true;
      loaded?.dispose();
    },
  };
}
