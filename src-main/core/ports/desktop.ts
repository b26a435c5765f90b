import type { CodedError, Result } from '@shared/domain/errors';
import type { FollowedProgress } from '@shared/domain/media';
import type { Snapshot } from '@shared/ipc/snapshot';
import type { Disposable } from './clock';
import type { TrayCommand, TrayModel } from '../desktop/tray-model';

/** What a press on a notice does. */
export type NoticeAction =
  { readonly kind: 'open-window' } | { readonly kind: 'play'; readonly recordingId: string };

/** An OS notification. */
export interface Notice {
  /** A notice replaces a former one with the same tag. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly urgent: boolean;
  readonly action: NoticeAction;
}

/** Shows OS notifications; where there are none, does nothing. */
export interface Notifier extends Disposable {
  show(notice: Notice): void;
  /** Takes back what is shown, where the desktop allows it. */
  clear(): void;
}

/** Global hotkeys of the OS. */
export interface HotkeyRegistrar extends Disposable {
  /**
   * Whether an answer is only a promise: under Wayland the desktop may still ask its user, or never send a press. Only
   * a press that arrives proves anything there.
   */
  readonly isUnproven: boolean;
  /**
   * Answers whether the OS gave it to us: `accelerator-taken`, `invalid-accelerator`, or `shortcuts-unsupported` where
   * the desktop gives them to no program.
   */
  register(accelerator: string, pressed: () => void): CodedError | null;
  unregister(accelerator: string): void;
}

/** Levels as electron-log has them. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** The log. Messages are constants; facts go into `facts`, and never a password, a number or a name. */
export interface Log {
  write(
    level: LogLevel,
    message: string,
    facts?: Readonly<Record<string, string | number | boolean | null>>,
  ): void;
}

/** The tray icon, its tooltip and its menu. */
export interface TrayPort extends Disposable {
  /** Shows a model; does nothing for what is already shown. */
  show(model: TrayModel): void;
  onCommand(listener: (command: TrayCommand) => void): Disposable;
  /** A left click on the icon. */
  onToggle(listener: () => void): Disposable;
  /** The user is about to look at the menu, or has begun to. */
  onLook(listener: () => void): Disposable;
}

/** RecLight's window. */
export interface WindowPort extends Disposable {
  /** Creates it where there is none, hidden: it plays the sounds, and is there at once when it is wanted. */
  prepare(): void;
  /** Resolves when the window shows something, or when it has become clear that it does not soon. */
  painted(): Promise<void>;
  /** Creates it where there is none, and brings it to the front. */
  show(): void;
  /** The same, but the keyboard stays with the program that has it. */
  showWithoutFocus(): void;
  hide(): void;
  /** Shows it at the tray icon, or hides it where it was visible. */
  toggle(): void;
  isVisible(): boolean;
  /** Whether the user looks at it: visible, and the one that gets the keys. */
  isFocused(): boolean;
  /** Sends a snapshot to every window. */
  broadcast(snapshot: Snapshot): void;
  /** Sends the progress of what it plays. */
  sendProgress(progress: FollowedProgress): void;
  /** The page has received a snapshot; `drawn` tells whether it shows anything. */
  confirmDrawn(drawn: boolean): void;
  onVisibilityChange(listener: () => void): Disposable;
  /** The page has gone, or another one has begun in its place: nothing that the old one followed is followed any more. */
  onPageGone(listener: () => void): Disposable;
}

/** What the computer does around us. */
export interface SystemEvents extends Disposable {
  onSuspend(listener: () => void): Disposable;
  onResume(listener: () => void): Disposable;
  /** The network changed, requests go through new sessions, or the screen was unlocked. */
  onWake(listener: () => void): Disposable;
  /** A second start of RecLight, with its command line. */
  onCommandLine(listener: (argv: readonly string[]) => void): Disposable;
}

/** The rest of the desktop. */
export interface DesktopPort {
  copyText(text: string): void;
  setTheme(theme: 'system' | 'light' | 'dark'): void;
  setStartAtLogin(enabled: boolean): void;
  /** Opens a page in the user's own browser. @param address http or https; `browser-unavailable` where it cannot be */
  openPage(address: string): Promise<Result<null>>;
  quit(): void;
}
