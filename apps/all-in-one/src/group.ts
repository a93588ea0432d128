import { startGroup } from '@quan-so/service';
import { SERVICES } from './services.js';

// The one program of a pod that holds several services (ward profile); nothing that is embedded is loaded.
await startGroup(SERVICES);
