import { assertNever } from '@shared/assert-never';
import type { RemoteParty } from '@shared/domain/recording';
import type { ActiveRecordingView, RecorderStatus } from '@shared/ipc/snapshot';
import { commonText } from '../../ui/messages';
import { text, type RecorderText } from './messages';

/**
 * The name of a state. Where nothing is certain yet or any more, it is *unknown*, never *not recording*.
 * @param status of the snapshot
 */
export function statusText(status: RecorderStatus): string {
  return text(statusKey(status));
}

function statusKey(status: RecorderStatus): RecorderText {
  switch (status) {
    case 'not-recording':
      return 'statusNotRecording';
    case 'starting':
      return 'statusStarting';
    case 'recording':
      return 'statusRecording';
    case 'paused':
      return 'statusPaused';
    case 'stopping':
      return 'statusStopping';
    case 'waiting':
      return 'statusWaiting';
    case 'not-visible':
      return 'statusNotVisible';
    case 'unknown':
    case 'connecting':
    case 'locked':
    case 'signed-out':
      return 'statusUnknown';
    default:
      return assertNever(status);
  }
}

/**
 * What {@link partyText} is made of: name and number, either of which may be empty.
 * @param party of a recording; null where nothing is known
 */
export function partyWords(party: RemoteParty | null): readonly [name: string, number: string] {
  const name = [party?.firstName, party?.lastName]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(' ');
  return [name, party?.phoneNumber ?? ''];
}

/**
 * Who is on the other side: name and number as far as they are known, the number in the server's characters.
 * @param party of a recording; null where nothing is known
 */
export function partyText(party: RemoteParty | null): string {
  const [name, number] = partyWords(party);
  if (name !== '' && number !== '') return text('party', { name, number });
  return name || number || commonText('unknownNumber');
}

/**
 * The recording that the card is about: the one that the commands act on; else, on a shared line, a colleague's.
 * @param recordings as the snapshot lists them
 */
export function featuredRecording(recordings: readonly ActiveRecordingView[]): ActiveRecordingView | null {
  return recordings[0] ?? null;
}

/**
 * Whose call is recorded: the other party; for a colleague's call on a shared line the colleague, too.
 * @param recording of the newest snapshot
 */
export function subjectText({ own, localUsername, remoteParty }: ActiveRecordingView): string {
  const party = partyText(remoteParty);
  return own ? party : text('colleague', { username: localUsername ?? '', party });
}
