import * as fc from 'fast-check';

/** What chance begins with in every test; `npm test -- --seed N` takes another. A failure tells seed and path. */
fc.configureGlobal({ seed: Number(process.env['RECLIGHT_TEST_SEED'] ?? 20_260_302) });

export { fc };
