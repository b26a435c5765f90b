import type { MessageValues } from '@shared/text/messages';
import { createTranslate } from '@shared/text/messages';

const strings = {
  'choose-recording': 'Save recording',
  'choose-folder': '{count, plural, one {Save # recording} other {Save # recordings}}',
  'choose-list': 'Export list of recordings',
  'choose-evidence': 'Save evidence package',
  'save-here': 'Save here',
  'kind-mp3': 'MP3 audio',
  'kind-csv': 'Comma-separated values',
  'kind-xlsx': 'Excel workbook',
  'kind-zip': 'ZIP archive',
  'list-name': 'Recordings {moment}',
  'sheet-name': 'Recordings',
  'evidence-name': 'Evidence {moment}',

  'csv-reference': 'Reference',
  'csv-start': 'Start',
  'csv-start-utc': 'Start (UTC)',
  'csv-length': 'Length',
  'csv-seconds': 'Seconds',
  'csv-direction': 'Direction',
  'csv-remote': 'Remote number',
  'csv-local': 'Local number',
  'csv-owner': 'Owner',
  'csv-id': 'Id',

  'summary-title': 'Evidence package',
  'summary-made': 'Made {moment} ({zone}) by {username} from {server} with RecLight {version}.',
  'summary-recordings': '{count, plural, one {# recording} other {# recordings}}',
  'summary-check':
    'To check the files, unpack the package and run “sha256sum -c SHA256SUMS” in its folder. metadata.json holds everything the server tells of each recording.',
  'summary-hashes': 'The SHA-256 of each file is in SHA256SUMS.',
  'summary-verification':
    '“Verified” means that the SHA-256 of the file is the one that the server tells. “Could not be verified” means that the server tells none, or one that may describe the file it stores rather than this one.',
  'summary-file': 'File',
  'summary-reference': 'Reference',
  'summary-start': 'Start',
  'summary-length': 'Length',
  'summary-direction': 'Direction',
  'summary-local': 'Local',
  'summary-remote': 'Remote',
  'summary-owner': 'Owner',
  'summary-size': 'Bytes',
  'summary-state': 'Check',
  'summary-verified': 'Verified',
  'summary-unverified': 'Could not be verified',
  'direction-incoming': 'Incoming',
  'direction-outgoing': 'Outgoing',
  'direction-unknown': 'Unknown',
} as const;

const translate = createTranslate(strings);

/** A text of dialogs, lists and packages. */
export function savingText(key: keyof typeof strings, values?: MessageValues): string {
  return translate(key, values);
}
