import type { SettingName } from '../ipc/setting-table';
import { createTranslate } from './messages';

/** What each setting that has a control of its own is called in the window. */
const labels = {
  'line.directoryNumber': 'Directory number',
  'line.deviceName': 'Device name',
  'line.mode': 'Recording mode',
  'hotkeys.record': 'Record',
  'hotkeys.stop': 'Stop',
  'hotkeys.pause': 'Pause',
  'hotkeys.resume': 'Resume',
  'hotkeys.mark': 'Mark moment',
  'hotkeys.toggle-window': 'Show or hide RecLight',
  'notifications.started': 'Recording started',
  'notifications.stopped': 'Recording stopped or ended',
  'notifications.marked': 'Moment marked',
  'notifications.saved': 'Recording saved',
  'notifications.refused': 'Recording refused',
  'notifications.unknown': 'State unknown for more than 30 seconds',
  'notifications.recovered': 'State known again',
  'notifications.pause-reminder': 'Reminder while paused',
  'notifications.sounds': 'Short sounds for start and stop',
  'appearance.theme': 'Theme',
  'appearance.showAtStart': 'Show the window when RecLight starts',
  'appearance.startAtLogin': 'Start RecLight when I log in to this computer',
  'polling.activeMs': 'While something happens',
  'polling.visibleMs': 'With the window open',
  'polling.hiddenMs': 'Otherwise',
  'recording.waitMinutes': 'Record next call waits, in minutes',
  'recording.autoResumeSeconds': 'Resume a paused recording by itself',
  'player.volume': 'Volume',
  'player.speed': 'Playback speed',
  'player.cacheMegabytes': 'Memory for recordings you have played, in MB',
  'keep.template': 'Names of saved files',
  'keep.folder': 'Folder of the last save',
} as const satisfies Record<SettingName, string>;

/** The label of a setting, by its name `group.setting`. */
export const settingLabel = createTranslate(labels);
