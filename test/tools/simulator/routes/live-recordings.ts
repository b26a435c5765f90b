import { describeLive } from '../json-answers';
import { listActive, pauseOrResume, startRecording, stopById, stopByLine, stopMine } from '../live-rules';
import { answer, bare } from '../outcome';
import type { ApiHandler } from '../web-server';

/** `POST LiveRecordings` */
export const startHandler: ApiHandler = ({ context, account, entry, request }) => {
  const converts = context.service.jsonBinding === 'converting';
  const given = typeof request.body === 'string' ? request.body : '';
  const text = converts ? given.replace(/^\uFEFF/, '') : given;
  if (text.trim() === '') return startRecording(context, account, undefined);
  const body = parseJson(text);
  context.requests.setBody(entry, body ?? text);
  const type = request.headers['content-type'] ?? '';
  if ((type !== '' || converts) && !/^(application|text)\/([a-z.+-]+\+)?json\b/i.test(type)) return bare(415);
  return startRecording(context, account, body ?? null);
};

/** `GET LiveRecordings` */
export const activeHandler: ApiHandler = ({ context, account, query, faults, knowsLess }) => {
  const outcome = listActive(context, account, query, (live) => describeLive(live, context));
  if (outcome.status !== 200) return outcome;
  const isEmpty = knowsLess('active') || faults.some(({ kind }) => kind === 'emptyList');
  return isEmpty ? answer(200, []) : outcome;
};

/** `DELETE LiveRecordings/{id}` */
export const stopByIdHandler: ApiHandler = ({ context, account, id }) => stopById(context, account, id ?? '');

/** `DELETE LiveRecordings?deviceName=…&directoryNumber=…` */
export const stopByLineHandler: ApiHandler = ({ context, account, query }) =>
  stopByLine(context, account, query);

/** `DELETE LiveRecordings/Mine` */
export const stopMineHandler: ApiHandler = ({ context, account }) => stopMine(context, account);

/** `PUT LiveRecordings/{id}/Pause`, `PUT LiveRecordings/Pause?directoryNumber=`, and the same for `Resume`. */
export function pauseHandler(wanted: 'pause' | 'resume'): ApiHandler {
  return ({ context, account, id, query }) => pauseOrResume(context, account, wanted, id, query);
}

/** Null where the text is no JSON: the server binds nothing then, and answers as for an empty request. */
function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}
