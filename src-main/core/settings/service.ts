import * as v from 'valibot';

import { repeatedAccelerator, storedAccelerator } from '@shared/domain/accelerator';
import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { isOtherUser, lineFor, maxLines, withOwnLine } from '@shared/domain/user-line';
import type { HotkeyAction, Settings, SettingsPatch } from '@shared/ipc/settings';
import {
  defaultHotkeys,
  defaultSettings,
  formerHotkeys,
  hotkeyActions,
  settingsSchema,
  withPatch,
} from '@shared/ipc/settings';
import { createEmitter } from '../lib/emitter';
import type { DocumentKind, OpenDocument } from '../lib/document-store';
import type { Policy } from './policy';
import { applyPolicy, managedSettings } from './policy';
import type { Disposable } from '../ports/clock';
import type { Log } from '../ports/desktop';

/** What the user has set, kept in `settings.json`. */
export interface SettingsService {
  /** Reads the file. */
  load(): Promise<void>;
  /** What is in force: the user's settings with the administrator's laid over them. */
  current(): Settings;
  /** The user's own settings alone, as they are in the file. */
  own(): Settings;
  /** From now on, and never written into the user's own file. */
  setPolicy(policy: Policy): void;
  /** The settings that the administrator has fixed, as `group.name`. */
  managed(): readonly string[];
  /** Merges a window's changes, group by group, and saves; after `settings-unwritable` they are in force and saved later. */
  update(patch: SettingsPatch): Promise<Result<null>>;
  /**
   * Who is signed in, or was. Nothing of another user's is taken over: without a line it is the one remembered for this
   * user, else none.
   */
  setAccount(account: Settings['account'], line?: Settings['line']): Promise<Result<null>>;
  /** Where the user saved last. */
  setSaveFolder(folder: string): Promise<Result<null>>;
  /** Forgets the place where it is one that the file could not hold. */
  setWindowPlace(place: Settings['window']): Promise<Result<null>>;
  onChange(listener: (settings: Settings) => void): Disposable;
  /** Called with what the file held when it could be read only after `load` had given up; `onChange` is called before. */
  onReadLate(listener: (onDisk: Settings) => void): Disposable;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

/** The sound shortcuts of a damaged group; a repeated one stays with the first action, and defaults yield to choices. */
function salvageHotkeys(group: object): Settings['hotkeys'] {
  const chosen = v.safeParse(v.record(v.string(), v.unknown()), group);
  const kept: Partial<Record<HotkeyAction, string | null>> = {};
  const isFree = (accelerator: string): boolean =>
    repeatedAccelerator([...Object.values(kept), accelerator]) === null;
  for (const action of hotkeyActions) {
    const value = chosen.success ? chosen.output[action] : undefined;
    const stored = typeof value === 'string' ? storedAccelerator(value) : null;
    if (value === null) kept[action] = null;
    else if (stored !== null && isFree(stored)) kept[action] = stored;
  }
  for (const action of hotkeyActions) {
    const standard = defaultHotkeys[action];
    if (kept[action] === undefined) kept[action] = standard !== null && isFree(standard) ? standard : null;
  }
  return { ...defaultHotkeys, ...kept };
}

/** Keeps every group of a damaged file that is still sound, and every sound shortcut. */
function salvage(parsed: unknown): Settings {
  const defaults = defaultSettings();
  if (typeof parsed !== 'object' || parsed === null) return defaults;
  const groups = Object.fromEntries(
    Object.entries(parsed).flatMap(([name, group]: readonly [string, unknown]) => {
      if (v.safeParse(settingsSchema, { [name]: group }).success) return [[name, group]];
      const isHotkeys = name === 'hotkeys' && typeof group === 'object' && group !== null;
      return isHotkeys ? [[name, salvageHotkeys(group)]] : [];
    }),
  );
  const result = v.safeParse(settingsSchema, groups);
  return result.success ? result.output : defaults;
}

/**
 * Gives who never chose a shortcut the new default, unless they use its keys for something else.
 * @param isTyped whether Ctrl+Alt types letters on this computer, so that the former defaults do harm
 */
function withNewHotkeys(settings: Settings, isTyped: boolean): Settings {
  const hotkeys = { ...settings.hotkeys };
  for (const action of isTyped ? hotkeyActions : []) {
    const next = defaultHotkeys[action];
    const isFormer = hotkeys[action] !== null && hotkeys[action] === formerHotkeys[action];
    if (isFormer && repeatedAccelerator([...Object.values(hotkeys), next]) === null) hotkeys[action] = next;
  }
  return { ...settings, hotkeys, hotkeyDefaults: 2 };
}

/** Groups that are one thing, rather than a list of independent choices. */
const wholeGroups: readonly string[] = ['account', 'line', 'lines', 'window', 'version', 'hotkeyDefaults'];

const isSameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What was changed since RecLight began with nothing wins over what the file holds. */
function mergeSettings(onDisk: Settings, meanwhile: Settings): Settings {
  const defaults = defaultSettings();
  const merged = Object.fromEntries(
    Object.entries(onDisk).map(([name, stored]) => {
      const group = name as keyof Settings;
      const own = meanwhile[group];
      if (isSameValue(own, defaults[group])) return [name, stored];
      if (wholeGroups.includes(name)) return [name, own];
      const changed = Object.entries(own as object).filter(
        ([field, value]) => !isSameValue(value, Reflect.get(defaults[group] as object, field)),
      );
      return [name, { ...(stored as object), ...Object.fromEntries(changed) }];
    }),
  ) as Settings;
  if (repeatedAccelerator(Object.values(merged.hotkeys)) !== null) {
    merged.hotkeys = salvageHotkeys(merged.hotkeys);
  }
  const { serverAddress, username } = meanwhile.account;
  if (serverAddress === null || username === null) return merged;
  const hasChosen = !isSameValue(meanwhile.line, defaults.line);
  const line = hasChosen ? meanwhile.line : lineFor(onDisk, serverAddress, username);
  if (!isOtherUser(onDisk, username)) return { ...merged, line };
  // As where another user signs in after the file was read: nothing of the former one is theirs, and nothing is lost.
  const isNewer = ({ scope }: Settings['lines'][number]) =>
    meanwhile.lines.some((entry) => entry.scope === scope);
  const former = withOwnLine(onDisk).filter((entry) => !isNewer(entry));
  return {
    ...merged,
    line,
    lines: [...former, ...meanwhile.lines].slice(-maxLines),
    keep: { ...merged.keep, folder: meanwhile.keep.folder },
  };
}

/** `settings.json`. */
export const settingsDocument: DocumentKind<Settings> = {
  name: 'settings.json',
  version: 1,
  schema: settingsSchema,
  empty: defaultSettings,
  merge: mergeSettings,
  salvage,
};

/**
 * Makes the settings service; nothing is read before `load`.
 * @param isMac whether this is a Mac, where no layout types with the former shortcuts
 */
export function createSettingsService(
  document: OpenDocument<Settings>,
  log: Log,
  isMac = false,
): SettingsService {
  const emitter = createEmitter<[Settings]>(log);
  let policy: Policy = {};

  const tell = (): void => {
    emitter.emit(applyPolicy(document.value(), policy));
  };
  /** @param isAnswered false for what RecLight changes by itself: no command's answer tells that it was not saved */
  const change = (next: Settings, isAnswered: boolean): Promise<Result<null>> => {
    const saved = document.change(next, isAnswered);
    tell();
    return saved;
  };
  const changeUnasked = (next: Settings): Promise<Result<null>> => change(next, false);
  /** What a former version of RecLight has chosen by itself. */
  const renew = (): void => {
    if (document.value().hotkeyDefaults !== 2) void changeUnasked(withNewHotkeys(document.value(), !isMac));
  };
  document.onReadLate(() => {
    renew();
    tell();
  });

  return {
    load: async () => {
      await document.load();
      if (document.isRead()) renew();
    },
    onReadLate: document.onReadLate,
    current: () => applyPolicy(document.value(), policy),
    own: document.value,
    setPolicy: (next) => {
      policy = next;
      tell();
    },
    managed: () => managedSettings(policy),
    update: (patch) => {
      const next = withPatch(document.value(), patch);
      const repeated = repeatedAccelerator(Object.values(next.hotkeys), isMac);
      if (repeated !== null) {
        return Promise.resolve(fail('accelerator-taken', 'settings', { accelerator: repeated }));
      }
      return change(next, true);
    },
    setAccount: (account, line) => {
      const settings = document.value();
      const { serverAddress, username } = account;
      const isOther = username !== null && isOtherUser(settings, username);
      return changeUnasked({
        ...settings,
        account,
        line: line ?? lineFor(settings, serverAddress ?? '', username ?? ''),
        ...(isOther ? { lines: withOwnLine(settings), keep: { ...settings.keep, folder: null } } : {}),
      });
    },
    setSaveFolder: (folder) => {
      const settings = document.value();
      const checked = v.safeParse(settingsSchema.entries.keep, { ...settings.keep, folder });
      // A path that the file could not hold is only not remembered.
      if (!checked.success || settings.keep.folder === folder) return Promise.resolve(succeed(null));
      return changeUnasked({ ...settings, keep: checked.output });
    },
    setWindowPlace: (place) => {
      // A window may be smaller than ours ever is, on a tiny screen: such a place must not spoil the file.
      const checked = v.safeParse(settingsSchema.entries.window, place);
      return changeUnasked({ ...document.value(), window: checked.success ? checked.output : null });
    },
    onChange: (listener) => emitter.on(listener),
    settled: document.settled,
  };
}
