import * as v from 'valibot';

import { storedAccelerator } from '../domain/accelerator';
import { defaultNameTemplate, isNameTemplate } from '../domain/saves';

/** The bounds of a whole number, both allowed, in the unit in which it is stored. */
export interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}

/** One setting: what is stored, its default, and its bounds where it is a whole number. */
export interface Setting<Schema extends v.GenericSchema = v.GenericSchema> {
  readonly schema: Schema;
  readonly initial: v.InferInput<Schema>;
  readonly bounds?: Bounds;
}

const setting = <Schema extends v.GenericSchema>(
  schema: Schema,
  initial: v.InferInput<Schema>,
): Setting<Schema> => ({ schema, initial });

const flag = (initial: boolean) => setting(v.boolean(), initial);

const wholeNumber = ({ minimum, maximum }: Bounds) =>
  v.pipe(v.number(), v.integer(), v.minValue(minimum), v.maxValue(maximum));

const number = (minimum: number, maximum: number, initial: number) => ({
  ...setting(wholeNumber({ minimum, maximum }), initial),
  bounds: { minimum, maximum },
});

const numberOrNever = (minimum: number, maximum: number) => ({
  ...setting(v.nullable(wholeNumber({ minimum, maximum })), null),
  bounds: { minimum, maximum },
});

const within = (minimum: number, maximum: number, initial: number) =>
  setting(v.pipe(v.number(), v.minValue(minimum), v.maxValue(maximum)), initial);

const shortText = (maxLength: number) => v.pipe(v.string(), v.trim(), v.maxLength(maxLength));

const textOrNone = (maxLength: number) =>
  setting(v.nullable(v.pipe(shortText(maxLength), v.nonEmpty())), null);

const accelerator = v.nullable(
  v.pipe(v.string(), v.maxLength(64), v.transform(storedAccelerator), v.string('not a global shortcut')),
);

/** Max length of the template of file names, in UTF-16 units. */
export const maxNameTemplateLength = 200;

const shortcut = (initial: string | null) => setting(accelerator, initial);

/**
 * Every setting that a window may change, once, by group: the schema of `settings.json`, what a window may send, the
 * bounds in the form, and what a policy may fix derive from this table. A new setting is added here, and its label in
 * `text/setting-labels.ts`.
 */
export const settingTable = {
  /** The watched line; number and device may both be absent (API reference §1). */
  line: {
    directoryNumber: textOrNone(64),
    deviceName: textOrNone(128),
    mode: setting(v.picklist(['media-forking', 'dial-in']), 'media-forking'),
  },
  /**
   * No layout types with Shift and a function key, and no desktop takes them. The defaults before 0.2 were Ctrl+Alt and
   * a letter, which is AltGr on Windows.
   */
  hotkeys: {
    record: shortcut('CommandOrControl+Shift+F9'),
    stop: shortcut('CommandOrControl+Shift+F10'),
    pause: shortcut(null),
    resume: shortcut(null),
    mark: shortcut('CommandOrControl+Shift+F11'),
    'toggle-window': shortcut('CommandOrControl+Shift+F12'),
  },
  notifications: {
    started: flag(true),
    stopped: flag(true),
    marked: flag(true),
    saved: flag(true),
    refused: flag(true),
    unknown: flag(true),
    recovered: flag(true),
    'pause-reminder': flag(true),
    /** Short generated sounds for start and stop. */
    sounds: flag(false),
  },
  appearance: {
    theme: setting(v.picklist(['system', 'light', 'dark']), 'system'),
    /** Open the window when RecLight starts, rather than only the tray icon. */
    showAtStart: flag(true),
    /** Start RecLight when the user logs in to the computer. */
    startAtLogin: flag(false),
  },
  /** Intervals between polls, ms. */
  polling: {
    /** While something is happening. */
    activeMs: number(1_000, 10_000, 2_000),
    /** With the window visible. */
    visibleMs: number(2_000, 60_000, 5_000),
    /** Otherwise. */
    hiddenMs: number(5_000, 120_000, 10_000),
  },
  recording: {
    /** How long *Record next call* waits, min. */
    waitMinutes: number(1, 60, 10),
    /** Resume a paused recording by itself after so many seconds; null: never. */
    autoResumeSeconds: numberOrNever(10, 3_600),
  },
  player: {
    volume: within(0, 1, 1),
    speed: within(0.5, 3, 1),
    /** Audio kept in memory, MB. */
    cacheMegabytes: number(16, 1_024, 128),
  },
  keep: {
    /** The names of saved files: see {@link isNameTemplate}. */
    template: setting(
      v.pipe(shortText(maxNameTemplateLength), v.check(isNameTemplate, 'not a template')),
      defaultNameTemplate,
    ),
    /** Where the user saved last, for the next dialog to begin at. */
    folder: setting(v.nullable(v.pipe(v.string(), v.nonEmpty(), v.maxLength(4_096))), null),
  },
} as const;

/** See {@link settingTable}. */
export type SettingTable = typeof settingTable;

/** The groups that an administrator's policy may fix. */
export const policyGroups = ['notifications', 'appearance', 'polling', 'recording', 'player'] as const;

type Name<Group extends keyof SettingTable> = `${Group}.${keyof SettingTable[Group] & string}`;

/** A setting as `group.name`. */
export type SettingName = { [Group in keyof SettingTable]: Name<Group> }[keyof SettingTable];

/** The bounds of a whole number. @throws Error for a setting that has none: a mistake of the caller */
export function boundsOf(name: SettingName): Bounds {
  const [group = '', field = ''] = name.split('.');
  const found = (settingTable as Readonly<Record<string, Readonly<Record<string, Setting>>>>)[group]?.[field];
  if (found?.bounds === undefined) throw new Error(`${name} has no bounds`);
  return found.bounds;
}

type Group = Readonly<Record<string, Setting>>;
type Schemas<G extends Group> = { readonly [Field in keyof G]: G[Field]['schema'] };
type Stored<G extends Group> = {
  readonly [Field in keyof G]: v.OptionalSchema<G[Field]['schema'], v.InferInput<G[Field]['schema']>>;
};

/** The schemas of a group, each as it is. */
export function schemasOf<G extends Group>(group: G): Schemas<G> {
  return Object.fromEntries(Object.entries(group).map(([name, { schema }]) => [name, schema])) as Schemas<G>;
}

/** The schemas of a group as it is stored: what is absent has its default. */
export function storedSchemasOf<G extends Group>(group: G): Stored<G> {
  const entries = Object.entries(group).map(([name, { schema, initial }]) => [
    name,
    v.optional(schema, initial),
  ]);
  return Object.fromEntries(entries) as Stored<G>;
}
