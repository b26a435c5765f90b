/** The largest audio file that is sent, bytes: of the file alone, this size included (docs/api.md §7). */
export const largestAudioBytes = 268_435_456;

/** The most that is asked of a file at once, bytes. */
export const largestReadBytes = 65_536;

/** A file with more chunks than this is damaged: its chunks are followed no further. */
export const mostChunks = 1_000;

/** A file with more tags in a row than this is damaged. */
export const mostTags = 100;

/** An MP3 that has no frame within so much behind its tags is none, bytes. */
export const mp3SearchBytes = 65_536;

/** A declared data size from here on is a placeholder, bytes: no file that is sent can be so large. */
export const placeholderBytes = 0x7fff_0000;

/** The highest sample rate that a header is believed to mean, Hz. */
export const highestSampleRate = 768_000;
