import { startClockAt } from './test-date';

/* Runs before each test file, so that each begins at the date that `npm test -- --date` names. */
const date = process.env['RECLIGHT_TEST_DATE'];
if (date !== undefined) startClockAt(date);
