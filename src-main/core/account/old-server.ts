import type { LoginGuard } from './login-guard';
import { mayLackLiveList } from './sign-in-check';

/**
 * Tells a server without a live list from an address at which no recording server answers. A page with 404 alone may
 * come from either; once the recordings list has answered well, it is a server before 2019.Winter.1 (API reference §6).
 * @param api of one server and user
 * @param listAnswered whether the recordings list has answered well before
 * @returns the same API, whose live list then fails by `live-list-unavailable`
 */
export function recognizeOldServer(api: LoginGuard, listAnswered: boolean): LoginGuard {
  let isRecordingServer = listAnswered;
  return {
    ...api,
    listRecordings: async (...args) => {
      const result = await api.listRecordings(...args);
      if (result.ok) isRecordingServer = true;
      return result;
    },
    activeRecordings: async (...args) => {
      const result = await api.activeRecordings(...args);
      if (result.ok || !isRecordingServer || !mayLackLiveList(result.error)) return result;
      return { ok: false, error: { ...result.error, code: 'live-list-unavailable' } };
    },
  };
}
