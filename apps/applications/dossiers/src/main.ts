import { startService } from '@quan-so/service';
import { dossiers } from './dossiers.module.js';

await startService(dossiers);
