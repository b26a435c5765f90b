import type { AccountInput } from './accounts';

/** A phone. */
export interface Device {
  readonly name: string;
  /** Directory numbers on it. */
  readonly lines: readonly string[];
  /** Whether it can be monitored through TAPI. */
  readonly monitorable: boolean;
  /** Started by people, by itself with each call, or buffered with each call and kept by people (Live Keep). */
  readonly recordingMode: 'manual' | 'automatic' | 'live-keep';
}

/** A line, and whose it is. */
export interface Line {
  readonly directoryNumber: string;
  /** Null where no user is associated. */
  readonly username: string | null;
  /** Others who share it. */
  readonly sharedWith?: readonly string[];
}

/** Somebody outside who is known by name. */
export interface Contact {
  readonly phoneNumber: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** Everything a site consists of. */
export interface Office {
  readonly accounts: readonly AccountInput[];
  readonly devices: readonly Device[];
  readonly lines: readonly Line[];
  readonly contacts: readonly Contact[];
  /** The agents whose past calls are seeded and whose phones ring in a living office: user and line. */
  readonly agents: readonly { readonly username: string; readonly directoryNumber: string }[];
}

const manual = { monitorable: true, recordingMode: 'manual' } as const;

/** The office the simulator has unless told otherwise. Its users and causes are listed in the README beside this. */
export function createDefaultOffice(): Office {
  return {
    accounts: [
      agent('anna.rossi', 'Anna-101-demo', 'Anna', 'Rossi', ['101', '111'], '5101'),
      agent('ben.carter', 'Ben-102-demo', 'Ben', 'Carter', ['102'], '5102'),
      agent('chiara.greco', 'Perché-103-più', 'Chiara', 'Greco', ['103'], '5103'),
      { ...agent('sara.conti', 'Sara-104-demo', 'Sara', 'Conti', ['104'], '5104'), rightsOver: 'everyone' },
      { ...agent('luca.base', 'Luca-105-demo', 'Luca', 'Base', ['105'], '5105'), level: 2 },
      { ...agent('nina.none', 'Nina-000-demo', 'Nina', 'None', [], '5100'), level: 0 },
      { ...agent('sofia.sso', 'Sofia-106-demo', 'Sofia', 'Sso', ['106'], '5106'), sso: true },
      { ...agent('otto.private', 'Otto-107-demo', 'Otto', 'Private', ['107'], '5107'), recordable: false },
      agent('noah.nophone', 'Noah-000-demo', 'Noah', 'Nophone', [], '5108'),
      agent('auto.agent', 'Auto-109-demo', 'Auto', 'Agent', ['109'], '5109'),
      agent('tina.tapi', 'Tina-110-demo', 'Tina', 'Tapi', ['110'], '5110'),
    ],
    devices: [
      { name: 'SEP001122334401', lines: ['101', '111'], ...manual },
      { name: 'SEP001122334402', lines: ['102'], ...manual },
      { name: 'SEP001122334403', lines: ['103'], ...manual },
      { name: 'SEP001122334404', lines: ['104'], ...manual },
      { name: 'SEP001122334405', lines: ['105'], ...manual },
      { name: 'SEP001122334406', lines: ['106'], ...manual },
      { name: 'SEP001122334407', lines: ['107'], ...manual },
      { name: 'SEP001122334408', lines: ['108'], ...manual },
      { name: 'SEP001122334409', lines: ['109'], monitorable: true, recordingMode: 'automatic' },
      { name: 'SEP001122334410', lines: ['110'], monitorable: false, recordingMode: 'manual' },
    ],
    lines: [
      { directoryNumber: '101', username: 'anna.rossi' },
      { directoryNumber: '111', username: 'anna.rossi' },
      { directoryNumber: '102', username: 'ben.carter' },
      { directoryNumber: '103', username: 'chiara.greco' },
      { directoryNumber: '104', username: 'sara.conti' },
      { directoryNumber: '105', username: 'luca.base' },
      { directoryNumber: '106', username: 'sofia.sso' },
      { directoryNumber: '107', username: 'otto.private' },
      { directoryNumber: '108', username: null },
      { directoryNumber: '109', username: 'auto.agent' },
      { directoryNumber: '110', username: 'tina.tapi' },
    ],
    contacts: [
      { phoneNumber: '+390244548866', firstName: 'Giulia', lastName: 'Marchetti' },
      { phoneNumber: '+390584943232', firstName: 'Paolo', lastName: 'Ferri' },
      { phoneNumber: '+442079460018', firstName: 'Oliver', lastName: 'Hughes' },
      { phoneNumber: '+12125550143', firstName: 'Maya', lastName: 'Thompson' },
      { phoneNumber: '+4930901820', firstName: 'Jürgen', lastName: 'Weiß' },
      { phoneNumber: '+34915550177', firstName: 'Lucía', lastName: 'Núñez' },
      { phoneNumber: '201', firstName: 'Front', lastName: 'Desk' },
      { phoneNumber: '9800', firstName: 'Support', lastName: 'Line' },
    ],
    agents: [
      { username: 'anna.rossi', directoryNumber: '101' },
      { username: 'ben.carter', directoryNumber: '102' },
      { username: 'chiara.greco', directoryNumber: '103' },
    ],
  };
}

function agent(
  username: string,
  password: string,
  firstName: string,
  lastName: string,
  extensions: readonly string[],
  numericUserId: string,
): AccountInput {
  return { username, password, firstName, lastName, extensions, numericUserId, level: 10 };
}
