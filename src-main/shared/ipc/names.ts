/** The events that the main process sends to windows: the window's function that listens, and the name on the wire. */
export const windowEventNames = { onSnapshot: 'snapshot', onMediaProgress: 'media-progress' } as const;

/** The prefix of every channel's name on the wire. */
export const channelPrefix = 'reclight:';
