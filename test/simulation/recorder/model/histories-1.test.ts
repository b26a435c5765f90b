import { test } from 'vitest';

import { checkHistories, historiesWanted } from './histories';

/* One half of the histories: two files run on two cores. */

test(
  `the light never lies, in the first half of ${historiesWanted()} random histories`,
  () => checkHistories({ nth: 0, of: 2 }),
  3_600_000,
);
