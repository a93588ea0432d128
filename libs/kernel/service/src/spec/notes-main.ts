import { startService } from '../start-service.js';
import { bare, notes } from './notes.js';

await startService(process.env['SAMPLE'] === 'bare' ? bare : notes);
