import { createTranslate } from '../../../src-main/shared/messages';

const messages = {
  region: 'Recordings',
  grid: 'Recordings',
  search: 'Remote number',
  all: 'All',
  today: 'Today',
  thisWeek: 'This week',
  period: 'Period',
  from: 'From',
  to: 'To',
  direction: 'Direction',
  directionAll: 'All',
  directionIncoming: 'Incoming',
  directionOutgoing: 'Outgoing',
  directionUnknown: 'Unknown',
  refresh: 'Refresh',

  unknownNumber: 'Unknown number',
  onLine: '{direction} · line {line}',
  row: '{number}, {when}, {length}',
  loading: 'Loading recordings…',
  count: '{count, plural, =0 {No recordings} one {# recording} other {# recordings}}',

  emptyTitle: 'No recordings yet',
  emptyHint: 'Your recordings appear here as soon as they have ended.',
  noMatchTitle: 'No recording matches',
  noMatchHint: 'Change the number, the dates or the direction.',
  clearFilters: 'Clear filters',

  play: 'Play',
  details: 'Details',
  copyReference: 'Copy reference number',
  menu: 'Recording',

  detailsTitle: 'Recording details',
  close: 'Close',
  copy: 'Copy',
  copyField: 'Copy {field}',
  remoteNumber: 'Remote number',
  localNumber: 'Local number',
  start: 'Start',
  length: 'Length',
  reference: 'Reference number',
  owner: 'Owner',
  group: 'Group',
  department: 'Department',
  pbxCallId: 'PBX call id',
  id: 'Recording id',
  size: 'Size',
  hash: 'SHA-256',
  note: 'Note',
  noteBy: '{text} ({name})',
  preserved: 'Preserved by',
  notPreserved: 'Not preserved',
  auditHint:
    'RecLight downloads a recording once per session, when you first play or save it; the server notes each download in its audit trail.',
  readOnlyHint: 'Note and preservation are changed on the recording server’s own page.',
} as const;

/** Words of the list of recordings and of what belongs to one. */
export const text = createTranslate(messages);
