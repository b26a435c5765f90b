/** The bounds of the numbers that can be set, in the units in which they are shown (`settingsPatchSchema`). */
export const bounds = {
  /** s */
  activeMs: { minimum: 1, maximum: 10 },
  /** s */
  visibleMs: { minimum: 2, maximum: 60 },
  /** s */
  hiddenMs: { minimum: 5, maximum: 120 },
  /** min */
  waitMinutes: { minimum: 1, maximum: 60 },
  /** s */
  autoResumeSeconds: { minimum: 10, maximum: 3_600 },
  /** MB */
  cacheMegabytes: { minimum: 16, maximum: 1_024 },
} as const;

/** What automatic resuming begins with, s. */
export const firstAutoResumeSeconds = 60;
