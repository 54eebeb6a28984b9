export { canonicalJson, hashOf } from './canonical.ts';
export {
  jsonText,
  overallVerdict,
  type RunDocument,
  type RunManifest,
  runDocument,
  runManifest,
  SCHEMA_VERSION,
  type WallClock,
} from './document.ts';
