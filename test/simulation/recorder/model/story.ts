import type { RequestRecord, VirtualRecording } from '../../../fixtures/virtual-telephony';
import type { Circumstances, Observed } from './observed';

/**
 * Tells a history step by step: what is sent, what is answered, what the user is shown and told, and what really runs.
 * For whoever looks for the cause of a violation; polls are left out unless they change something.
 * @param tell called with each line
 */
export function narrate(observed: Observed, drawn: Circumstances, tell: (line: string) => void): void {
  const { scene, fixture } = observed;
  const { server } = fixture;
  const at = () => String(Math.round(scene.now()));
  let truth = '';
  let shown = '';
  const look = () => {
    const runs = server.everRecorded.filter(({ endedAt }) => endedAt === Number.POSITIVE_INFINITY);
    const nowTrue = runs.map(described).join(' | ');
    if (nowTrue !== truth) tell(`${at()} truth: ${nowTrue === '' ? 'nothing runs' : nowTrue}`);
    truth = nowTrue;
    const view = scene.view();
    const rows = view.recordings.map(
      ({ id, startedHere, isPaused, own }) =>
        `${id}${startedHere ? ' started here' : ''}${own ? '' : ' of another'}${isPaused ? ' paused' : ''}`,
    );
    const nowShown = [view.status, view.waiting === null ? '' : 'waiting', ...rows]
      .filter(Boolean)
      .join(' | ');
    if (nowShown !== shown) tell(`${at()} shown: ${nowShown}`);
    shown = nowShown;
  };
  tell(JSON.stringify(drawn));
  const before = server.onRequest;
  server.onRequest = (record: RequestRecord) => {
    if (record.kind !== 'active') tell(`${at()} > ${record.kind} ${record.argument} (${record.username})`);
    before?.(record);
  };
  observed.requests.onAnswer = (kind, answer) => {
    look();
    if (kind !== 'active') tell(`${at()} < ${kind} ${answer}`);
  };
  observed.onStep = look;
  observed.onTold = (notice) => {
    tell(`${at()} told: ${JSON.stringify(notice)}`);
  };
}

function described({ id, ids, line, username, by, isPaused, isKept }: VirtualRecording): string {
  const others = ids.length > 1 ? ` (${ids.join(', ')})` : '';
  return `${id}${others} on ${line} of ${username} by ${by}${isPaused ? ' paused' : ''}${isKept ? '' : ' buffered'}`;
}
