export { mediaAddress, mediaScheme, recordingIdOf } from './media';
