import { startService } from '@quan-so/service';
import { catalog } from './catalog.module.js';

await startService(catalog);
