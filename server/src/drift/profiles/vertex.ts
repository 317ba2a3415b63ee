import type { Profile } from '../profile';
import { tfdvUnder } from './tfdv';

/**
 * Vertex AI Model Monitoring, whose distances are TensorFlow Data Validation's (profile `tfdv`): L-infinity for categorical
 * features, Jensen–Shannon divergence for numerical ones, each against 0.3 unless its configuration says otherwise. Versions
 * 1 and 2 of the service differ in how they are configured, not in what they measure. Not verified against the service
 * itself, which samples the requests that it looks at and sketches them on many workers.
 */
export const vertex: Profile = tfdvUnder('vertex', ['vertex', 'vertex@1', 'vertex@2']);
