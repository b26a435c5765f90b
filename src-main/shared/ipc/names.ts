/** The one event that the main process sends to windows. */
export const snapshotEvent = 'snapshot';

/** The prefix of every channel's name on the wire. */
export const channelPrefix = 'reclight:';
