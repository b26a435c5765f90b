// What the first frame does without, as one module: it shares no file with another one that is loaded late, and so can
// be fetched again after a failure (see ui/module-source.ts).
export { Saving } from '../features/saving/Saving';
export { Details } from '../features/recordings/Details';
export { RowMenu } from '../features/recordings/RowMenu';
export { Settings } from '../features/settings/Settings';
