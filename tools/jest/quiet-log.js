/**
 * Before every test file: what services write to their log goes nowhere, so that a run shows tests alone. A test that looks
 * at lines takes them with `logTo`. QUANSO_TEST_LOG=1 shows them; child processes keep theirs.
 */
import { logTo } from '../../libs/kernel/observability/src/log.js';

if (process.env.QUANSO_TEST_LOG !== '1') logTo(() => undefined);
