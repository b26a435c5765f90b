export { scopeHash } from '../shared/scope-hash';
