// The dates and zones under which tests can be run: `npm test -- --date`, `npm test -- --dates`.

/**
 * @typedef {object} TestDate
 * @property {string} name what is special about it
 * @property {string} date local date and time at which each test file begins
 * @property {string} zone IANA name
 */

const rome = 'Europe/Rome';

/**
 * Each weekday, the ends of a month, a year and a day, a leap day, and changes of clocks by an hour and by half of one.
 *
 * @type {readonly TestDate[]}
 */
export const testDates = [
  { name: 'sunday', date: '2026-11-29T10:00', zone: rome },
  { name: 'monday', date: '2026-11-30T08:15', zone: rome },
  { name: 'tuesday', date: '2026-12-01T12:00', zone: 'Pacific/Kiritimati' },
  { name: 'wednesday', date: '2026-09-02T14:30', zone: 'America/New_York' },
  { name: 'thursday', date: '2026-09-03T00:05', zone: 'Asia/Tokyo' },
  { name: 'friday', date: '2026-09-04T17:45', zone: rome },
  { name: 'saturday', date: '2026-09-05T06:00', zone: rome },
  { name: 'before-midnight', date: '2026-11-18T23:59:30', zone: rome },
  { name: 'month-end', date: '2027-04-30T22:30', zone: rome },
  { name: 'year-end', date: '2026-12-31T23:59:30', zone: rome },
  { name: 'leap-day', date: '2028-02-29T12:00', zone: 'Asia/Kolkata' },
  // 02:00 becomes 03:00.
  { name: 'rome-spring', date: '2027-03-28T01:59:30', zone: rome },
  // 03:00 becomes 02:00; of the two times 02:59 this is the first.
  { name: 'rome-autumn', date: '2026-10-25T02:59:30', zone: rome },
  // 00:00 becomes 01:00: the day has no midnight.
  { name: 'santiago-spring', date: '2026-09-05T23:59:30', zone: 'America/Santiago' },
  // 02:00 becomes 01:30.
  { name: 'lord-howe-autumn', date: '2026-04-05T01:59:30', zone: 'Australia/Lord_Howe' },
];

/** Minutes of virtual time that ask no clock of the machine: of no use on other days, and slow. */
export const dateless = [
  'test/laws/laws.test.ts',
  'test/simulation/recorder/model.test.ts',
  'test/simulation/recorder/day.test.ts',
  'test/simulation/recorder/fleet.test.ts',
];

/**
 * @typedef {object} Setting
 * @property {readonly TestDate[] | null} dates all that `--dates` asks for; null without it
 * @property {NodeJS.ProcessEnv} env what `--date`, `--zone` and `--seed` change of the environment
 * @property {readonly string[]} rest other arguments
 */

/**
 * Takes `--date D`, `--zone Z`, `--seed N` and `--dates [name,name]` out of the arguments.
 *
 * @param {readonly string[]} args
 * @returns {Setting}
 * @throws {Error} for what is no date, zone, seed or name
 */
export function readSetting(args) {
  /** @type {NodeJS.ProcessEnv} */
  const env = {};
  /** @type {readonly TestDate[] | null} */
  let dates = null;
  const rest = [];
  for (let at = 0; at < args.length; at += 1) {
    const [name, inline] = splitOption(args[at] ?? '');
    const next = args[at + 1];
    if (name === '--dates') {
      const names = inline ?? (isDateNames(next) ? args[(at += 1)] : undefined);
      dates = names === undefined ? testDates : names.split(',').map(dateNamed);
    } else if (name === '--date' || name === '--zone' || name === '--seed') {
      const value = inline ?? args[(at += 1)] ?? '';
      Object.assign(env, readers[name](value));
    } else {
      rest.push(args[at] ?? '');
    }
  }
  if (dates !== null && (env['RECLIGHT_TEST_DATE'] !== undefined || env['TZ'] !== undefined)) {
    throw new Error('--dates brings its own dates and zones: it goes without --date and --zone.');
  }
  return { dates, env, rest };
}

/**
 * The environment in which a date is tested.
 *
 * @param {TestDate} of
 * @returns {NodeJS.ProcessEnv}
 */
export const dateEnvironment = ({ date, zone }) => ({ RECLIGHT_TEST_DATE: date, TZ: zone });

/**
 * @param {string} argument
 * @returns {readonly [string, string | undefined]}
 */
function splitOption(argument) {
  const at = argument.indexOf('=');
  return at === -1 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

/**
 * @param {string | undefined} text
 * @returns {text is string}
 */
const isDateNames = (text) =>
  text !== undefined && text.split(',').every((part) => testDates.some(({ name }) => name === part));

/**
 * @param {string} wanted
 * @returns {TestDate}
 */
function dateNamed(wanted) {
  const found = testDates.find(({ name }) => name === wanted);
  if (found === undefined) {
    throw new Error(`--dates takes some of ${testDates.map(({ name }) => name).join(',')}, not ${wanted}.`);
  }
  return found;
}

/** @type {Readonly<Record<'--date' | '--zone' | '--seed', (value: string) => NodeJS.ProcessEnv>>} */
const readers = {
  '--date': (value) => {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(value) || Number.isNaN(Date.parse(value))) {
      throw new Error(`--date takes a local date and time like 2027-03-28T01:30, not "${value}".`);
    }
    return { RECLIGHT_TEST_DATE: value };
  },
  '--zone': (value) => {
    try {
      return { TZ: new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone };
    } catch {
      throw new Error(`--zone takes a time zone like Europe/Rome, not "${value}".`);
    }
  },
  '--seed': (value) => {
    if (!/^\d{1,9}$/.test(value)) throw new Error(`--seed takes a whole number, not "${value}".`);
    return { RECLIGHT_TEST_SEED: value };
  },
};
