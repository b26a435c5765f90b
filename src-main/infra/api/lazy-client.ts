import type { Disposable } from '../../core/ports/clock';
import type { RecorderApi } from '../../core/ports/api';
import type { Operation, Result } from '../../shared/domain/errors';
import { fail } from '../../shared/domain/errors';
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

  const call = async <T>(
    operation: Operation,
    use: (api: RecorderApi) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    if (disposed && loaded === null) return fail('signed-out', operation);
    let api: RecorderApi;
    try {
      api = await client();
    } catch {
      return fail('internal', operation);
    }
    return use(api);
  };

  return {
    startRecording: (...args) => call('start', (api) => api.startRecording(...args)),
    stopRecording: (...args) => call('stop', (api) => api.stopRecording(...args)),
    stopLine: (...args) => call('stop', (api) => api.stopLine(...args)),
    stopMine: (...args) => call('stop', (api) => api.stopMine(...args)),
    pauseRecording: (...args) => call('pause', (api) => api.pauseRecording(...args)),
    resumeRecording: (...args) => call('resume', (api) => api.resumeRecording(...args)),
    pauseLine: (...args) => call('pause', (api) => api.pauseLine(...args)),
    resumeLine: (...args) => call('resume', (api) => api.resumeLine(...args)),
    probePause: (...args) => call('probe', (api) => api.probePause(...args)),
    activeRecordings: (...args) => call('active', (api) => api.activeRecordings(...args)),
    listRecordings: (...args) => call('list', (api) => api.listRecordings(...args)),
    getRecording: (...args) => call('details', (api) => api.getRecording(...args)),
    downloadRecording: (...args) => call('download', (api) => api.downloadRecording(...args)),
    uploadRecording: (...args) => call('upload', (api) => api.uploadRecording(...args)),
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
